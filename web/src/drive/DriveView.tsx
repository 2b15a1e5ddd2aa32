import { useCallback, useEffect, useMemo, useState } from "react";
import type { Entry } from "../api/types";
import { go, setParams, useRoute } from "../app/route";
import { onLive, listings } from "../live/live";
import { Panel } from "../panel/Panel";
import { QuickLook } from "../panel/QuickLook";
import { trash } from "./actions";
import { DriveBar } from "./DriveBar";
import styles from "./DriveView.module.css";
import { DropZone } from "./DropZone";
import { FileTable } from "./FileTable";
import { FolderState } from "./FolderState";
import { MoveDialog } from "./MoveDialog";
import { isWithin } from "./path";
import { among, no_selection, only, type Selection } from "./selection";
import { sorted, type Sort } from "./sort";
import { StatusLine } from "./StatusLine";
import { useListing } from "./useListing";

/** One folder of the drive: its entries, what can be done with them, and the panel of the one that is open. */
export function DriveView() {
  const { path, params } = useRoute();
  const listing = useListing(path);
  const [selection, setSelection] = useState<Selection>(no_selection);
  const [sort, setSort] = useState<Sort>({ by: "name", descending: false });
  const [moving, setMoving] = useState<readonly Entry[]>([]);
  const [looking, setLooking] = useState<Entry>();
  const [naming, setNaming] = useState<string>();
  const open = params["open"];

  const is_whole = listing.next === null;
  const entries = useMemo(
    () => (is_whole ? sorted(listing.entries, sort) : listing.entries),
    [listing.entries, is_whole, sort],
  );
  const chosen = useMemo(() => among(selection, entries), [selection, entries]);

  useEffect(() => setSelection(open ? only(open) : no_selection), [path]);
  useEffect(() => {
    if (open) setSelection((now) => (now.ids.has(open) ? now : only(open)));
  }, [open]);
  useFollowFolder(path);
  useReadAllFor(path, sort, listing.next);

  const select = useCallback((next: Selection) => {
    setSelection(next);
    if (new URLSearchParams(location.hash.split("?")[1]).has("open") && next.ids.size === 1) setParams({ open: [...next.ids][0] });
  }, []);

  const openEntry = (entry: Entry) => {
    if (entry.kind === "folder") return go("drive", entry.path);
    select(only(entry.id));
    setParams({ open: entry.id });
  };

  const acts = {
    open: openEntry,
    look: setLooking,
    rename: (entry: Entry) => setNaming(entry.id),
    move: (some: readonly Entry[]) => setMoving(some),
    trash: (some: readonly Entry[]) => {
      setSelection(no_selection);
      if (some.some((entry) => entry.id === open)) setParams({ open: undefined });
      void trash(some);
    },
    details: (entry: Entry) => {
      select(only(entry.id));
      setParams({ open: entry.id });
    },
  };

  return (
    <div className={styles.view} data-open={open !== undefined}>
      <section className={styles.main} aria-label={path}>
        <DriveBar
          listing={listing}
          chosen={chosen}
          sort={sort}
          onSort={setSort}
          acts={acts}
          onClear={() => setSelection(no_selection)}
        />
        <DropZone folder={path} may_write={listing.folder?.may?.write ?? listing.status !== "failed"}>
          {entries.length > 0 ? (
            <FileTable
              entries={entries}
              listing={listing}
              selection={selection}
              onSelect={select}
              sort={sort}
              onSort={setSort}
              acts={acts}
              naming={naming}
              onNamed={() => setNaming(undefined)}
              onNeedMore={() => void listings.more(path)}
            />
          ) : (
            <FolderState listing={listing} />
          )}
        </DropZone>
        <StatusLine listing={listing} chosen={chosen} />
      </section>
      {open && <Panel key={open} id={open} onClose={() => setParams({ open: undefined })} onMove={(entry) => setMoving([entry])} />}
      {moving.length > 0 && <MoveDialog entries={moving} onClose={() => setMoving([])} />}
      {looking && (
        <QuickLook
          entry={looking}
          onClose={() => setLooking(undefined)}
          onStep={(step) => {
            const files = entries.filter((entry) => entry.kind === "file");
            const next = files[files.findIndex((entry) => entry.id === looking.id) + step];
            if (next) setLooking(next);
            if (next) select(only(next.id));
          }}
        />
      )}
    </div>
  );
}

/** When this folder, or one above it, is moved by anybody, the view goes with it. */
function useFollowFolder(path: string): void {
  useEffect(
    () =>
      onLive((events) => {
        for (const event of events) {
          if (event.type !== "entry.moved" || event.entry.kind !== "folder" || !isWithin(path, event.from)) continue;
          go("drive", event.entry.path + path.slice(event.from.length));
        }
      }),
    [path],
  );
}

/** Any order but the server's needs the whole folder. */
function useReadAllFor(path: string, sort: Sort, next: string | null | undefined): void {
  const wants_all = sort.by !== "name" || sort.descending;
  useEffect(() => {
    if (wants_all && typeof next === "string") void listings.more(path);
  }, [path, wants_all, next]);
}
