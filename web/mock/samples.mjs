/** Sample files for the mock: name, type, words, tags. English and Chinese, on six topics. */

const text = (path, tags, body, extra = {}) => ({ path, tags, body: Buffer.from(body), type: typeOf(path), ...extra });

function typeOf(path) {
  const types = {
    md: "text/markdown", txt: "text/plain", pdf: "application/pdf", png: "image/png", wav: "audio/wav", py: "text/x-python",
    cpp: "text/x-c++", csv: "text/csv", json: "application/json", html: "text/html", zip: "application/zip",
  };
  return types[path.split(".").pop()] ?? "application/octet-stream";
}

const cauchy = `# Erasure codes in practice

A stripe is cut into **k data shards**; **m parity shards** are computed from them, so that *any* k of the k + m give
the content back. With k = 4 and m = 2 two storage nodes may fail.

## Why Cauchy

Every square submatrix of a Cauchy matrix is invertible, which is exactly what decoding needs:

\`\`\`
C[i][j] = 1 / (x[i] + y[j])      over GF(2^8)
\`\`\`

| layout | overhead | survives |
|---|---|---|
| 1+2 (copies) | 3.0× | 2 nodes |
| 2+2 | 2.0× | 2 nodes |
| 4+2 | 1.5× | 2 nodes |

- [x] multiply by table
- [x] multiply by GFNI
- [ ] XOR schedules

> Durable by default, and still fast.

![the layout](layout.png)

See also [the field](https://example.org/gf256), <script>alert(1)</script> and [a trap](javascript:alert(1)).
`;

const star_lines = Array.from({ length: 24 }, (_, at) => `HIP ${11767 + at * 313},${(2.5 + (at % 9) * 0.37).toFixed(2)},${(37.9 + at * 5.1).toFixed(2)}`);

export const samples = [
  text("/Research/Storage/erasure codes.md", [["erasure coding", 0.94], ["Cauchy matrix", 0.88], ["finite field", 0.81], ["English", 1]], cauchy),
  text("/Research/Storage/纠删码入门.md", [["纠删码", 0.93], ["erasure coding", 0.71], ["有限域", 0.77], ["中文", 1]],
    "# 纠删码入门\n\n把一个条带切成 k 个数据分片，再算出 m 个校验分片；任意 k 个分片都能恢复原文。\n\n## 为什么用柯西矩阵\n\n柯西矩阵的任意方子矩阵都可逆，解码时不会遇到奇异矩阵。\n\n- 有限域 GF(2^8)\n- 乘法查表\n- 异或调度\n"),
  text("/Research/Storage/gf256.cpp", [["finite field", 0.86], ["erasure coding", 0.62], ["C++", 1]],
    "// Multiplication in GF(2^8) with the polynomial 0x11D.\n#include <array>\n#include <cstdint>\n\nusing Byte = std::uint8_t;\n\nconstexpr Byte times(Byte a, Byte b) {\n    unsigned product = 0;\n    for (int bit = 0; bit < 8; ++bit)\n        if (b >> bit & 1) product ^= unsigned(a) << bit;\n    for (int bit = 14; bit >= 8; --bit)\n        if (product >> bit & 1) product ^= 0x11Du << (bit - 8);\n    return Byte(product);\n}\n"),
  text("/Research/Storage/placement.py", [["consistent hashing", 0.79], ["storage node", 0.66], ["Python", 1]],
    "def score(node, shard):\n    \"\"\"Weighted rendezvous: the highest scores win.\"\"\"\n    return -node.weight / log(hash01(node.id, shard))\n"),
  text("/Research/Storage/repair notes.txt", [["repair", 0.83], ["storage node", 0.74], ["erasure coding", 0.55], ["English", 1]],
    "Repair by smallest margin first. A stripe that can lose nothing more goes before one that can lose two.\nThrottle by the latency that people feel.\n"),
  { path: "/Research/Storage/Reed-Solomon 1960.pdf", tags: [["erasure coding", 0.9], ["polynomial", 0.84], ["finite field", 0.8]], type: "application/pdf", pdf: "Polynomial Codes over Certain Finite Fields", size: 4_800_000 },
  { path: "/Research/Storage/layout.png", tags: [["diagram", 0.72], ["storage node", 0.41]], type: "image/png", png: [420, 260, 3], size: 9_400_000, properties: { width: 420, height: 260, colour: "RGB" } },
  text("/Research/Graphs/Louvain.md", [["community detection", 0.92], ["modularity", 0.85], ["graph", 0.8], ["English", 1]], "# The Louvain method\n\nMove nodes to the neighbour community with the best gain of modularity; contract; repeat.\n"),
  text("/Research/Graphs/图数据库.md", [["图数据库", 0.9], ["graph", 0.64], ["查询语言", 0.7], ["中文", 1]], "# 图数据库\n\n节点和边都带有属性。路径查询在图上比在关系表上自然得多。\n"),
  text("/Research/Graphs/pagerank.py", [["graph", 0.71], ["centrality", 0.83], ["Python", 1]], "def pagerank(adjacency, damping=0.85, rounds=30):\n    rank = [1 / len(adjacency)] * len(adjacency)\n    for _ in range(rounds):\n        pass\n    return rank\n"),
  { path: "/Research/Graphs/communities.png", tags: [["community detection", 0.7], ["diagram", 0.66]], type: "image/png", png: [600, 400, 7], properties: { width: 600, height: 400 } },
  text("/Astronomy/Perseids 2026.md", [["meteor shower", 0.95], ["night sky", 0.82], ["photography", 0.6], ["English", 1]], "# Perseids\n\nMaximum in the night of 12 August, new moon: perfect. Long exposures of 20 s at f/2.8.\n"),
  text("/Astronomy/star catalogue.csv", [["star", 0.89], ["catalogue", 0.8]], `name,magnitude,ra\n${star_lines.join("\n")}\n`),
  text("/Astronomy/星空摄影笔记.txt", [["星空", 0.91], ["photography", 0.77], ["night sky", 0.58], ["中文", 1]], "曝光 20 秒，光圈 2.8，感光度 3200。先对焦亮星，再拍银河。\n"),
  { path: "/Astronomy/Milky Way over the lake with a very long name that does not fit into any column.png", tags: [["night sky", 0.93], ["photography", 0.9], ["star", 0.61]], type: "image/png", png: [800, 520, 11], size: 18_200_000, properties: { width: 800, height: 520, camera: "X-T4", exposure_s: 20, iso: 3200, gps: "46.65 N 7.85 E" } },
  { path: "/Astronomy/telescope manual.pdf", tags: [["telescope", 0.88], ["manual", 0.7]], type: "application/pdf", pdf: "Setting up an equatorial mount" },
  text("/Kitchen/麻婆豆腐.md", [["川菜", 0.94], ["豆腐", 0.9], ["食谱", 0.86], ["中文", 1]], "# 麻婆豆腐\n\n豆腐切块，牛肉末炒香，加郫县豆瓣、花椒面，勾芡三次。\n"),
  text("/Kitchen/红烧肉.md", [["食谱", 0.9], ["猪肉", 0.82], ["中文", 1]], "# 红烧肉\n\n五花肉焯水，炒糖色，加黄酒、酱油，小火一小时。\n"),
  text("/Kitchen/sourdough.md", [["bread", 0.93], ["recipe", 0.88], ["fermentation", 0.79], ["English", 1]], "# Sourdough\n\nFeed the starter the evening before. 75 % hydration, fold four times, bake at 240 °C with steam.\n"),
  text("/Kitchen/kimchi.txt", [["fermentation", 0.9], ["recipe", 0.8], ["cabbage", 0.75]], "Salt the cabbage overnight. Paste of gochugaru, garlic, ginger, fish sauce. Two days at room temperature.\n"),
  text("/Music/fugue.md", [["counterpoint", 0.9], ["Bach", 0.88], ["music theory", 0.81], ["English", 1]], "# How a fugue begins\n\nSubject alone; answer at the fifth, tonal if the subject touches the dominant.\n"),
  { path: "/Music/tuning fork.wav", tags: [["sound", 0.8], ["A 440", 0.72]], type: "audio/wav", wav: 440, properties: { duration_s: 2, sample_rate_hz: 8000, channels: 1 } },
  { path: "/Music/古琴.wav", tags: [["sound", 0.77], ["古琴", 0.86]], type: "audio/wav", wav: 196, properties: { duration_s: 2, sample_rate_hz: 8000, channels: 1 } },
  text("/Travel/Switzerland.md", [["hiking", 0.86], ["lake", 0.7], ["train", 0.66], ["English", 1]], "# Switzerland in September\n\nLauterbrunnen, Mürren, Grindelwald. The night train back.\n"),
  text("/Travel/云南.md", [["云南", 0.92], ["hiking", 0.61], ["古城", 0.7], ["中文", 1]], "# 云南十日\n\n昆明、大理、丽江、虎跳峡。雨季带伞，高海拔注意休息。\n"),
  text("/Travel/budget.csv", [["budget", 0.84], ["train", 0.3]], "day,chf\n1,142\n2,98\n3,210\n"),
  { path: "/Travel/lake.png", tags: [["lake", 0.9], ["photography", 0.8]], type: "image/png", png: [640, 420, 17], properties: { width: 640, height: 420, camera: "Pixel 9" } },
  { path: "/Travel/broken.zip", tags: [], type: "application/zip", size: 52_000, analysed: "failed", reason: "The archive claims 40 GB of content in 52 kB (limit 1 GiB)." },
  text("/welcome.txt", [["English", 1]], "Drop a folder into this window. A few seconds later its files have tags and links.\n"),
  text("/欢迎.txt", [["中文", 1]], "把文件夹拖进这个窗口，几秒钟后文件就有了标签和联系。\n"),
  text("/empty.txt", [], ""),
];
