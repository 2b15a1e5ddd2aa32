/**
 * What a live event changes in answers that the page already holds. Pure: answer and event in, answer out (the
 * same object when nothing changed).
 */
import type { Cluster, Detail, Member } from "../api/types";
import type { Change } from "../drive/listings";
import type { LiveEvent } from "./events";

/** Changes of folder listings. */
export function changesOf(event: LiveEvent): Change[] {
  switch (event.type) {
    case "file.created":
    case "file.changed":
    case "file.tagged":
    case "folder.created":
      return [{ type: "put", entry: event.entry }];
    case "entry.moved":
      return [{ type: "drop", path: event.from, id: event.entry.id }, { type: "put", entry: event.entry }];
    case "entry.deleted":
      return [{ type: "drop", path: event.path, id: event.id }];
    default:
      return [];
  }
}

/** The panel's file. An entry that lies in a folder that moved gets its new path too. */
export function reduceDetail(detail: Detail, event: LiveEvent): Detail {
  switch (event.type) {
    case "file.created":
    case "file.changed":
    case "folder.created":
      return event.entry.id === detail.id ? { ...detail, ...event.entry } : detail;
    case "file.tagged":
      if (event.id !== detail.id) return detail;
      return {
        ...detail,
        ...event.entry,
        file_tags: event.file_tags,
        similar: event.similar ?? detail.similar ?? [],
        analysis: { ...detail.analysis, status: "ok", reason: "" },
      };
    case "file.failed":
      if (event.id !== detail.id) return detail;
      return { ...detail, analysed: "failed", analysis: { ...detail.analysis, status: "failed", reason: event.reason } };
    case "entry.moved":
      if (event.entry.id === detail.id) return { ...detail, ...event.entry };
      if (!detail.path.startsWith(`${event.from}/`)) return detail;
      return { ...detail, path: event.entry.path + detail.path.slice(event.from.length) };
    default:
      return detail;
  }
}

export function reduceCluster(cluster: Cluster, event: LiveEvent): Cluster {
  switch (event.type) {
    case "member":
      return { ...cluster, members: putMember(cluster.members ?? [], event.member) };
    case "repair":
      return { ...cluster, repair: event.repair };
    case "analysis":
      return { ...cluster, analysis: event.analysis };
    default:
      return cluster;
  }
}

function putMember(members: Member[], member: Member): Member[] {
  const is_known = members.some((one) => one.id === member.id);
  return is_known ? members.map((one) => (one.id === member.id ? { ...one, ...member } : one)) : [...members, member];
}
