/** The mock's cluster: six storage nodes that can be killed and started, stripes by margin, a repair that runs. */

const stripes = 412;

export class Cluster {
  constructor(world) {
    this.world = world;
    this.down = new Set();
    this.repair = { queued_stripes: 0, queued_contents: 0, queued_by_margin: {}, repaired_stripes: 1288, repaired_bytes: 5_100_000_000, failures: 0, round_done: 0, round_total: 0 };
    const since = new Date(Date.now() - 8_040_000).toISOString();
    const member = (id, role, port, extra = {}) => ({ id, name: id, role, address: `127.0.0.${port}:7${port}00`, state: "up", since, last_heartbeat: new Date().toISOString(), ...extra });
    this.members = [
      member("index-1", "index", 1),
      ...Array.from({ length: 6 }, (_, at) => member(`storage-${at + 1}`, "storage", at + 2, {
        capacity_bytes: 64_000_000_000, used_bytes: 9_000_000_000 + at * 1_730_000_000, free_bytes: 50_000_000_000 - at * 1_730_000_000, shards: 380 + at * 7, corrupt_shards: 0, read_only: false,
      })),
      member("worker-1", "worker", 9),
    ];
  }

  shown() {
    const margin = Math.max(-1, 2 - this.down.size);
    const safe = Math.max(0, stripes - this.repair.queued_stripes);
    const by_margin = this.down.size > 0 ? { 2: Math.round(stripes * 0.2), [margin]: stripes - Math.round(stripes * 0.2) } : { 2: safe, 1: stripes - safe };
    return {
      cluster_id: "4f1c", epoch: 17, members: this.members, capacity_bytes: 384_000_000_000, used_bytes: 79_950_000_000, stripes_total: stripes,
      stripes_by_margin: by_margin, repair: this.repair, write_layout: this.down.size >= 2 ? "2+2" : "4+2", can_write: this.down.size <= 2, can_read_all: this.down.size <= 2,
      analysis: this.world.analysis, files: this.world.entries.size, logical_bytes: 48_200_000_000,
    };
  }

  setState(id, state) {
    const member = this.members.find((one) => one.id === id);
    if (!member) return false;
    Object.assign(member, { state, since: new Date().toISOString() });
    if (state === "up") this.down.delete(id);
    else this.down.add(id);
    this.world.tellState({ type: "member", member: { ...member } });
    this.plan();
    return true;
  }

  plan() {
    clearInterval(this.timer);
    if (this.down.size > 0) {
      this.tell({ queued_stripes: 330, queued_by_margin: { 1: 330 }, round_done: 0, round_total: 330, eta_seconds: 0, waits_for: `${[...this.down].join(", ")} (out in 9 min)` });
      return;
    }
    if (this.repair.queued_stripes === 0) return;
    this.tell({ waits_for: "" });
    this.timer = setInterval(() => {
      const step = Math.min(11, this.repair.queued_stripes);
      const queued_stripes = this.repair.queued_stripes - step;
      this.tell({
        queued_stripes, round_done: this.repair.round_done + step, eta_seconds: queued_stripes * 0.4, queued_by_margin: queued_stripes ? { 1: queued_stripes } : {},
        repaired_stripes: this.repair.repaired_stripes + step, repaired_bytes: this.repair.repaired_bytes + step * 4_000_000,
      });
      if (queued_stripes === 0) clearInterval(this.timer);
    }, 250);
  }

  tell(fields) {
    Object.assign(this.repair, fields);
    this.world.tellState({ type: "repair", repair: { ...this.repair } });
  }

  places(entry) {
    const size = entry.size ?? 0;
    if (size < 200) return { size, inline: true, stripes: [] };
    const is_small = size < 20_000;
    const count = is_small ? 1 : Math.min(200, Math.ceil(size / 1_000_000));
    const width = is_small ? 3 : 6;
    const stripe = (at) => ({
      layout: is_small ? "1+2" : "4+2", content_bytes: Math.min(size, 1_000_000), margin: 2,
      shards: Array.from({ length: width }, (_, index) => {
        const node = `storage-${((index + at + Number(entry.id)) % 6) + 1}`;
        return { index, role: is_small ? "copy" : index < 4 ? "data" : "parity", node, up: !this.down.has(node), size: 262_144 };
      }),
    });
    return { size, inline: false, layout: is_small ? "1+2" : "4+2", matrix: is_small ? "replica" : "cauchy-gf8", stripe_count: count, stripes: Array.from({ length: count }, (_, at) => stripe(at)) };
  }
}
