import { useState, type KeyboardEvent } from "react";
import type { Detail, Entry } from "../api/types";
import { useText } from "../i18n/i18n";
import { ErrorState } from "../ui/ErrorState";
import { IconButton } from "../ui/IconButton";
import { Skeleton } from "../ui/Skeleton";
import { Tabs } from "../ui/Tabs";
import { DetailsTab } from "./DetailsTab";
import styles from "./Panel.module.css";
import { PanelHead } from "./PanelHead";
import { PreviewTab } from "./PreviewTab";
import { ShardsTab } from "./ShardsTab";
import { SimilarTab } from "./SimilarTab";
import { TagsTab } from "./TagsTab";
import { useDetail } from "./useDetail";
import { VersionsTab } from "./VersionsTab";

type TabId = "preview" | "tags" | "similar" | "details" | "versions" | "shards";

interface Props {
  id: string;
  onClose: () => void;
  /** Another entry is to be shown instead (a similar file); without it the drive opens it. */
  onOpen?: (entry: Entry) => void;
  onMove: (entry: Entry) => void;
  /** On a phone it covers only the lower half, since what is above belongs to it. */
  is_sheet?: boolean;
}

/** The tab that was open last stays open for the next file. */
let last_tab: TabId = "preview";

/** Everything about one file or folder, beside the list or the graph. */
export function Panel({ id, onClose, onOpen, onMove, is_sheet }: Props) {
  const { t } = useText();
  const { data: detail, error, refetch } = useDetail(id);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onClose();
  };
  return (
    <aside className={`${styles.panel} ${is_sheet ? styles.sheet : ""}`} aria-label={detail?.name ?? t("panel.label")} data-testid="panel" onKeyDown={onKeyDown}>
      {detail ? (
        <Loaded detail={detail} onClose={onClose} onOpen={onOpen} onMove={onMove} />
      ) : (
        <>
          <div className={styles.bare}>
            <IconButton icon="close" label={t("common.close")} onClick={onClose} />
          </div>
          {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton lines={8} />}
        </>
      )}
    </aside>
  );
}

function Loaded({ detail, onClose, onOpen, onMove }: Omit<Props, "id" | "onOpen" | "is_sheet"> & { detail: Detail; onOpen: Props["onOpen"] }) {
  const { t } = useText();
  const [wanted, setWanted] = useState<TabId>(last_tab);
  const tags = detail.file_tags?.filter((tag) => tag.state !== "rejected").length;
  const all: { id: TabId; label: string; note?: string | undefined }[] = [
    { id: "preview", label: t("panel.preview") },
    { id: "tags", label: t("panel.tags"), note: tags ? String(tags) : undefined },
    { id: "similar", label: t("panel.similar") },
    { id: "details", label: t("panel.details") },
    { id: "versions", label: t("panel.versions") },
    { id: "shards", label: t("panel.shards") },
  ];
  const tabs = detail.kind === "file" ? all : all.filter((tab) => tab.id === "details");
  const selected = tabs.some((tab) => tab.id === wanted) ? wanted : "details";
  const select = (id: TabId) => {
    last_tab = id;
    setWanted(id);
  };
  return (
    <>
      <PanelHead detail={detail} onClose={onClose} onMove={onMove} />
      <Tabs label={t("panel.label")} tabs={tabs} selected={selected} onSelect={select} testId="panel-tab" />
      <div className={styles.body} role="tabpanel" id="panel-panel-tab" tabIndex={-1} data-testid={`panel-${selected}`}>
        {selected === "preview" && <PreviewTab detail={detail} />}
        {selected === "tags" && <TagsTab detail={detail} />}
        {selected === "similar" && <SimilarTab detail={detail} onOpen={onOpen} />}
        {selected === "details" && <DetailsTab detail={detail} onOpen={onOpen} />}
        {selected === "versions" && <VersionsTab detail={detail} />}
        {selected === "shards" && <ShardsTab detail={detail} />}
      </div>
    </>
  );
}
