/**
 * The shapes of src/gateway/openapi.yaml, one interface per schema, same names, same properties.
 * api/types.test.ts compares them with that file; a change there must come here.
 *
 * Times are RFC 3339 in UTC; sizes are bytes; ids are decimal text, since they do not fit a double.
 */

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  hint?: string;
  request_id: string;
}

export interface Health {
  status: "ok" | "degraded" | "failing";
  can_read?: boolean;
  can_write?: boolean;
  storage_up?: number;
  version: string;
  event?: number;
}

export interface Login {
  user: string;
  password: string;
}

export interface Session {
  token: string;
  expires: string;
  user?: User;
}

export type Role = "user" | "admin";

export interface User {
  id?: string;
  name: string;
  role: Role;
  home?: string;
  quota_bytes?: number;
  used_bytes?: number;
  disabled?: boolean;
  groups?: string[];
}

export interface Group {
  name?: string;
  members?: string[];
}

export interface Grant {
  path: string;
  principal: string;
  read?: boolean;
  write?: boolean;
  share?: boolean;
}

export interface May {
  read?: boolean;
  write?: boolean;
  share?: boolean;
}

export type EntryKind = "file" | "folder";

export interface Entry {
  id: string;
  kind: EntryKind;
  name: string;
  path: string;
  size?: number;
  media_type?: string;
  owner?: string;
  created?: string;
  modified?: string;
  version?: number;
  etag?: string;
  sha256?: string;
  analysed?: "queued" | "ok" | "unavailable" | "failed";
  tags?: string[];
  children?: number;
  may?: May;
}

export interface Listing {
  folder: Entry;
  entries: Entry[];
  total?: number;
  next?: string | null;
}

export interface Tag {
  id?: string;
  name?: string;
  kind?: string;
  files?: number;
}

export type TagState = "proposed" | "accepted" | "rejected";

export interface FileTag {
  id?: string;
  name?: string;
  kind?: string;
  score?: number;
  by?: string;
  state?: TagState;
}

export interface Similar {
  entry?: Entry;
  score?: number;
  why?: string[];
}

export interface Reference {
  how?: string;
  entry?: Entry;
}

export interface Analysis {
  status?: string;
  reason?: string;
  by?: string;
  attempts?: number;
}

export interface Detail extends Entry {
  properties?: Record<string, unknown>;
  file_tags?: FileTag[];
  similar?: Similar[];
  references?: Reference[];
  analysis?: Analysis;
}

export interface Version {
  version?: number;
  size?: number;
  sha256?: string;
  created?: string;
  by?: string;
  current?: boolean;
}

export interface Shard {
  index?: number;
  role?: "data" | "parity" | "copy";
  node?: string | null;
  up?: boolean;
  size?: number;
}

export interface Stripe {
  layout?: string;
  content_bytes?: number;
  margin?: number;
  shards?: Shard[];
}

export interface Places {
  size?: number;
  inline?: boolean;
  layout?: string;
  matrix?: string;
  stripe_count?: number;
  stripes?: Stripe[];
}

export interface Hit extends Entry {
  score: number;
  snippet?: string;
}

export interface Facet {
  tag?: string;
  count?: number;
}

export interface SearchAnswer {
  total: number;
  took_ms?: number;
  event?: number;
  hits: Hit[];
  facets?: Facet[];
}

export type NodeKind = "file" | "folder" | "tag" | "user" | "group";

export interface GraphNode {
  id?: string;
  kind?: NodeKind;
  name?: string;
  path?: string;
  media_type?: string;
  tag_kind?: string;
  x?: number;
  y?: number;
  community?: number;
  size?: number;
}

export interface GraphEdge {
  from?: string;
  to?: string;
  type?: string;
  score?: number;
  why?: string[];
}

export interface Community {
  id?: number;
  name?: string;
  size?: number;
}

export interface Graph {
  event?: number;
  truncated?: boolean;
  nodes?: GraphNode[];
  edges?: GraphEdge[];
  communities?: Community[];
}

export type MemberState = "up" | "suspect" | "down" | "out" | "draining";

export interface Member {
  id?: string;
  name?: string;
  role?: "index" | "storage" | "worker";
  address?: string;
  state?: MemberState;
  since?: string;
  last_heartbeat?: string;
  capacity_bytes?: number;
  free_bytes?: number;
  used_bytes?: number;
  disk_nodes?: number;
  shards?: number;
  corrupt_shards?: number;
  read_only?: boolean;
}

export interface Repair {
  queued_stripes?: number;
  queued_contents?: number;
  queued_by_margin?: Record<string, number>;
  repaired_stripes?: number;
  repaired_bytes?: number;
  failures?: number;
  round_done?: number;
  round_total?: number;
  eta_seconds?: number;
  waits_for?: string;
}

export interface AnalysisQueue {
  queued?: number;
  running?: number;
  failed?: number;
  workers?: number;
}

export interface Cluster {
  cluster_id?: string;
  epoch?: number;
  members?: Member[];
  capacity_bytes?: number;
  used_bytes?: number;
  stripes_total?: number;
  stripes_by_margin?: Record<string, number>;
  repair?: Repair;
  write_layout?: string;
  can_write?: boolean;
  can_read_all?: boolean;
  analysis?: AnalysisQueue;
  files?: number;
  logical_bytes?: number;
}

export interface TrashEntry {
  entry?: Entry;
  deleted?: string;
  by?: string;
  from?: string;
}
