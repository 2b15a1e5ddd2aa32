#!/usr/bin/env python3
"""Render the binary samples again: drawings from SVG, PDFs from HTML, a spoken note.

Needs chromium, ImageMagick and espeak-ng; nothing else of the project needs this script.
"""

import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parents[1] / "samples"
CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-sync", "--disable-component-update", "--hide-scrollbars"]

WHALE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" width="640" height="400">
<defs><linearGradient id="sea" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#8fd3ee"/><stop offset="1" stop-color="#0b3a66"/></linearGradient></defs>
<rect width="640" height="400" fill="url(#sea)"/>
<path d="M90 220 C150 120 380 110 500 200 C540 180 570 150 610 150 C590 190 590 215 612 250 C570 255 540 235 505 222 C400 300 190 310 90 220Z" fill="#2c5a85"/>
<path d="M90 220 C150 260 250 280 360 268 C280 300 150 285 90 220Z" fill="#c6dcea"/>
<circle cx="165" cy="205" r="6" fill="#0a1c2e"/><path d="M260 265 C270 300 300 320 330 325 C320 295 305 275 290 262Z" fill="#234a70"/>
<g fill="#f3a98f"><circle cx="60" cy="150" r="3"/><circle cx="45" cy="190" r="3"/><circle cx="70" cy="260" r="3"/><circle cx="40" cy="240" r="3"/><circle cx="55" cy="300" r="3"/></g></svg>"""

SATURN = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" width="640" height="400">
<rect width="640" height="400" fill="#070b18"/>
<g fill="#fff"><circle cx="60" cy="60" r="1.5"/><circle cx="150" cy="330" r="1"/><circle cx="560" cy="80" r="2"/><circle cx="600" cy="300" r="1"/><circle cx="420" cy="40" r="1.2"/><circle cx="90" cy="230" r="1.2"/></g>
<g transform="rotate(-18 320 200)"><ellipse cx="320" cy="200" rx="270" ry="62" fill="none" stroke="#c9b48a" stroke-width="26"/>
<ellipse cx="320" cy="200" rx="222" ry="48" fill="none" stroke="#8d7a58" stroke-width="10"/></g>
<circle cx="320" cy="200" r="112" fill="#e4c98f"/><path d="M214 165 Q320 135 426 165 L430 185 Q320 158 211 185Z" fill="#cfae6f"/><path d="M210 220 Q320 250 430 220 L424 240 Q320 268 216 240Z" fill="#d8ba7d"/>
<g transform="rotate(-18 320 200)"><path d="M50 200 A270 62 0 0 0 590 200" fill="none" stroke="#d8c59c" stroke-width="26"/><path d="M98 200 A222 48 0 0 0 542 200" fill="none" stroke="#97845f" stroke-width="10"/></g></svg>"""

TEAPOT = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" width="640" height="400">
<rect width="640" height="400" fill="#f1e7d4"/><ellipse cx="320" cy="345" rx="230" ry="20" fill="#d9c7a4"/>
<path d="M190 210 C190 130 450 130 450 210 C450 300 400 335 320 335 C240 335 190 300 190 210Z" fill="#8a3f25"/>
<path d="M445 200 C500 190 520 150 560 150 C540 190 520 250 440 262Z" fill="#8a3f25"/>
<path d="M196 190 C110 170 110 290 210 285" fill="none" stroke="#8a3f25" stroke-width="20"/>
<ellipse cx="320" cy="160" rx="82" ry="16" fill="#6f2f1a"/><circle cx="320" cy="138" r="14" fill="#6f2f1a"/>
<path d="M560 150 q8 40 2 90" stroke="#8db66a" stroke-width="5" fill="none"/><path d="M520 300 h90 q-5 40 -45 40 q-40 0 -45 -40Z" fill="#fff" stroke="#c8b68f"/></svg>"""

BICYCLE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" width="640" height="400">
<rect width="640" height="400" fill="#dff0e2"/><rect y="325" width="640" height="75" fill="#b9d8b0"/>
<g fill="none" stroke="#1f2d3a" stroke-width="8"><circle cx="180" cy="260" r="88"/><circle cx="460" cy="260" r="88"/></g>
<g fill="none" stroke="#c2432f" stroke-width="9" stroke-linejoin="round"><path d="M180 260 L260 130 L410 130 L310 262 Z L310 262 L260 130 L245 105"/><path d="M410 130 L460 260 M410 130 L400 95 L440 88"/></g>
<path d="M225 102 h50" stroke="#1f2d3a" stroke-width="12"/><circle cx="310" cy="262" r="18" fill="#1f2d3a"/></svg>"""

LOAF = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" width="640" height="400">
<rect width="640" height="400" fill="#fbf3e4"/><ellipse cx="320" cy="320" rx="260" ry="26" fill="#e0ceb0"/>
<path d="M90 260 C90 130 550 130 550 260 C550 320 500 325 320 325 C140 325 90 320 90 260Z" fill="#b5713a"/>
<g stroke="#f0d5a8" stroke-width="12" stroke-linecap="round"><path d="M200 190 l50 60"/><path d="M290 175 l50 66"/><path d="M380 178 l50 62"/></g></svg>"""

MIGRATION = """<!doctype html><meta charset="utf-8"><title>Where blue whales go</title><style>body{font:12pt Georgia;margin:2cm}</style>
<h1>Where blue whales go</h1><p>Satellite tags on twenty-four blue whales recorded eleven months of migration. In summer the
whales feed on krill near the edge of the sea ice; in autumn they swim north, eight thousand kilometres to warm water, where
calves are born.</p><h2>Method</h2><p>Each tag reports a position whenever the whale surfaces. A state-space model separates
travelling from foraging: a whale that turns often has found krill.</p><h2>Result</h2><p>The whales do not keep to one route.
They follow the plankton bloom, which they cannot see: memory of earlier years guides the migration, and a late bloom finds
hungry whales waiting in the ocean.</p>"""

DURABILITY = """<!doctype html><meta charset="utf-8"><title>How durable is an erasure code?</title><style>body{font:12pt Georgia;margin:2cm}</style>
<h1>How durable is an erasure code?</h1><p>A stripe with k data shards and m parity shards is lost when m + 1 storage nodes
fail before the first of them is repaired. The chance depends less on the disks than on the repair time: halving the repair
time of a 4+2 code makes data loss four times less likely.</p><h2>Markov model</h2><p>State i has i missing shards. The failure
rate is (k + m − i) λ, the repair rate μ. The mean time to data loss follows from the absorbing state m + 1.</p>
<h2>What to watch</h2><p>The margin of every stripe: the number of shards that may still be lost. A cluster is healthy when no
stripe has a margin below m, and in danger when one has a margin of zero.</p>"""

TEA_TYPES = """<!doctype html><meta charset="utf-8"><title>茶叶的分类</title><style>body{font:13pt "Noto Sans CJK SC";margin:2cm}</style>
<h1>茶叶的分类</h1><p>按照发酵程度，茶叶分为六大类：绿茶、白茶、黄茶、乌龙茶、红茶和黑茶。绿茶不发酵，龙井和碧螺春是绿茶的代表。
乌龙茶是半发酵茶，铁观音和大红袍最为有名。红茶是全发酵茶，普洱熟茶属于黑茶，经过渥堆发酵，可以长期存放。</p>
<h2>冲泡</h2><p>不同的茶叶需要不同的水温：绿茶八十度，乌龙茶九十五度，红茶和普洱茶用沸水冲泡。</p>"""

SPOKEN = ("A note on the bicycle tour. The cycle path along the river was closed at the old bridge, so we took the road over the "
          "hill. Remember to buy two inner tubes and a spare spoke before the next tour.")


def shoot(svg, target):
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.html"
        page.write_text(f"<style>body{{margin:0}}</style>{svg}", encoding="utf-8")
        subprocess.run([*CHROMIUM, f"--user-data-dir={folder}/profile", "--window-size=640,400",
                        f"--screenshot={target}", page.as_uri()], check=True, capture_output=True)


def print_pdf(html, target):
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.html"
        page.write_text(html, encoding="utf-8")
        subprocess.run([*CHROMIUM, f"--user-data-dir={folder}/profile", "--no-pdf-header-footer",
                        f"--print-to-pdf={target}", page.as_uri()], check=True, capture_output=True)


def main():
    for svg, name in ((WHALE, "ocean/whale.png"), (SATURN, "astronomy/saturn.png"), (TEAPOT, "tea/teapot.png"),
                      (BICYCLE, "cycling/bicycle.png"), (LOAF, "bread/loaf.png")):
        shoot(svg, HERE / name)
    subprocess.run(["convert", HERE / "astronomy/saturn.png", "-resize", "50%", "-quality", "60",
                    HERE / "astronomy/saturn-small.jpg"], check=True)
    print_pdf(MIGRATION, HERE / "ocean/whale-migration.pdf")
    print_pdf(DURABILITY, HERE / "storage/durability.pdf")
    print_pdf(TEA_TYPES, HERE / "tea/茶叶分类.pdf")
    subprocess.run(["espeak-ng", "-v", "en", "-s", "150", "-w", HERE / "cycling/voice-note.wav", SPOKEN], check=True)


if __name__ == "__main__":
    main()
