/** The mock's graph: the drive laid out by springs, or a large random one for measuring. */

export function driveGraph(world, limit) {
  const nodes = [];
  const edges = [];
  const topics = new Map();
  const entries = [...world.by_path.values()].slice(0, limit);
  for (const entry of entries) nodes.push({ id: entry.id, kind: entry.kind, name: entry.name || "Drive", path: entry.path, media_type: entry.media_type });
  for (const tag of world.tags.values()) if (tag.kind !== "language") nodes.push({ id: tag.id, kind: "tag", name: tag.name, tag_kind: tag.kind });
  const ids = new Set(nodes.map((node) => node.id));
  for (const entry of entries) {
    const parent = entry.path === "/" ? undefined : world.by_path.get(entry.path.slice(0, entry.path.lastIndexOf("/")) || "/");
    if (parent) edges.push({ from: parent.id, to: entry.id, type: "CONTAINS" });
    for (const tag of entry.file_tags) if (ids.has(tag.id) && tag.state !== "rejected") edges.push({ from: entry.id, to: tag.id, type: "TAGGED", score: tag.score });
    for (const one of entry.similar) if (entry.id < one.id && ids.has(one.id)) edges.push({ from: entry.id, to: one.id, type: "SIMILAR", score: one.score, why: one.why });
  }
  const top = (path) => path?.split("/").slice(0, path.startsWith("/Research/") ? 3 : 2).join("/") || "/";
  for (const node of nodes) {
    if (node.kind === "tag") {
      const user = edges.find((edge) => edge.to === node.id);
      node.topic = top(nodes.find((one) => one.id === user?.from)?.path);
    } else node.topic = node.path.split("/").length > 2 ? top(node.path) : top(node.path);
    if (!topics.has(node.topic)) topics.set(node.topic, topics.size);
    node.community = topics.get(node.topic);
  }
  layOut(nodes, edges);
  const communities = [...topics].map(([, id]) => {
    const tags = nodes.filter((node) => node.community === id && node.kind === "tag").slice(0, 3).map((node) => node.name);
    return { id, name: tags.join(", "), size: nodes.filter((node) => node.community === id).length };
  });
  return { event: world.event, truncated: false, nodes: nodes.map(({ topic, ...node }) => node), edges, communities };
}

/** Springs along edges, repulsion between all; small graphs only. */
function layOut(nodes, edges) {
  const place = new Map(nodes.map((node, at) => [node.id, { x: Math.cos(at * 2.4) * Math.sqrt(at) * 10 + node.community * 3, y: Math.sin(at * 2.4) * Math.sqrt(at) * 10 }]));
  const all = [...place.values()];
  for (let round = 0; round < 260; round += 1) {
    const heat = 12 * (1 - round / 260);
    for (const one of all) one.fx = one.fy = 0;
    for (let a = 0; a < all.length; a += 1) {
      for (let b = a + 1; b < all.length; b += 1) {
        const [dx, dy] = [all[a].x - all[b].x, all[a].y - all[b].y];
        const push = 900 / (dx * dx + dy * dy + 4);
        all[a].fx += dx * push;
        all[a].fy += dy * push;
        all[b].fx -= dx * push;
        all[b].fy -= dy * push;
      }
    }
    for (const { from, to, type } of edges) {
      const [a, b] = [place.get(from), place.get(to)];
      const pull = type === "CONTAINS" ? 0.02 : 0.06;
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      a.fx += dx * pull * 10;
      a.fy += dy * pull * 10;
      b.fx -= dx * pull * 10;
      b.fy -= dy * pull * 10;
    }
    for (const one of all) {
      const force = Math.hypot(one.fx, one.fy) || 1;
      one.x += (one.fx / force) * Math.min(force, heat);
      one.y += (one.fy / force) * Math.min(force, heat);
    }
  }
  for (const node of nodes) Object.assign(node, { x: place.get(node.id).x, y: place.get(node.id).y });
}

/** `count` nodes in topics of power-law sizes, `links` edges, most of them inside of a topic. Always the same. */
export function largeGraph(count, links) {
  let state = 42;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random());
  const topics = 24;
  const weights = Array.from({ length: topics }, (_, at) => 1 / (at + 1.6));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const pick = () => {
    let at = random() * total;
    return Math.max(0, weights.findIndex((weight) => (at -= weight) < 0));
  };
  const members = Array.from({ length: topics }, () => []);
  const centres = weights.map((weight, at) => ({ x: Math.cos(at * 2.4) * 130 * Math.sqrt(at + 0.5), y: Math.sin(at * 2.4) * 130 * Math.sqrt(at + 0.5), r: 70 * Math.sqrt(weight) + 22 }));
  const nodes = Array.from({ length: count }, (_, at) => {
    const community = pick();
    const { x, y, r } = centres[community];
    const kind = at % 9 === 0 ? "tag" : at % 31 === 0 ? "folder" : "file";
    members[community].push(at);
    return { id: String(at + 1), kind, name: kind === "file" ? `file ${at}.txt` : `${kind} ${at}`, path: kind === "tag" ? undefined : `/big/${kind} ${at}`, community, x: x + normal() * r, y: y + normal() * r };
  });
  const edges = [];
  const known = new Set();
  const types = ["TAGGED", "SIMILAR", "CONTAINS"];
  while (edges.length < links) {
    const from = Math.floor(random() * count);
    const inside = members[nodes[from].community];
    const to = random() < 0.93 ? inside[Math.floor(inside.length * random() ** 2)] : Math.floor(random() * count);
    const type = types[edges.length % 3];
    const key = `${type}:${from}:${to}`;
    if (to === from || known.has(key)) continue;
    known.add(key);
    edges.push({ from: nodes[from].id, to: nodes[to].id, type, score: random() });
  }
  const communities = members.map((inside, id) => ({ id, name: `topic ${id + 1}, word ${id}`, size: inside.length }));
  return { event: 1, truncated: false, nodes, edges, communities };
}
