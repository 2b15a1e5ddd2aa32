import { lazy, Suspense, useEffect, useState } from "react";
import { AdminView } from "../admin/AdminView";
import { startHistory } from "../cluster/history";
import { ClusterView } from "../cluster/ClusterView";
import { DriveView } from "../drive/DriveView";
import { useText } from "../i18n/i18n";
import { startLive } from "../live/live";
import { SearchView } from "../search/SearchView";
import { TrashView } from "../trash/TrashView";
import { ConfirmHost } from "../ui/ConfirmHost";
import { Skeleton } from "../ui/Skeleton";
import { Toasts } from "../ui/Toasts";
import { UploadTray } from "../upload/UploadTray";
import { BottomBar } from "./BottomBar";
import { ErrorBoundary } from "./ErrorBoundary";
import { KeysDialog } from "./KeysDialog";
import { useRoute } from "./route";
import styles from "./Shell.module.css";
import { Sidebar } from "./Sidebar";
import { TopBar } from "./TopBar";

const GraphView = lazy(() => import("../graph/GraphView"));
const ShardsView = lazy(() => import("../shards/ShardsView"));

/** The page of somebody who is signed in: what is always there, around the view of the address. */
export function Shell({ event }: { event: number | undefined }) {
  const { t } = useText();
  const { view, path } = useRoute();
  const [keys, setKeys] = useState(false);

  useEffect(() => {
    const stops = [startLive(event), startHistory()];
    return () => stops.forEach((stop) => stop());
  }, [event]);
  useEffect(() => {
    const name = view === "drive" && path !== "/" ? path.slice(path.lastIndexOf("/") + 1) : t(`nav.${view}`);
    document.title = `${name} · ${t("app.name")}`;
  }, [view, path, t]);
  useQuestionKey(() => setKeys(true));

  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main" onClick={(press) => (press.preventDefault(), document.getElementById("main")?.focus())}>
        {t("nav.skip")}
      </a>
      <Sidebar onKeys={() => setKeys(true)} />
      <div className={styles.column}>
        <TopBar />
        <main id="main" className={styles.main} tabIndex={-1}>
          <ErrorBoundary key={view}>
            {view === "drive" && <DriveView />}
            {view === "graph" && (
              <Suspense fallback={<Skeleton lines={6} />}>
                <GraphView />
              </Suspense>
            )}
            {view === "search" && <SearchView />}
            {view === "cluster" && <ClusterView />}
            {view === "shards" && (
              <Suspense fallback={<Skeleton lines={6} />}>
                <ShardsView />
              </Suspense>
            )}
            {view === "trash" && <TrashView />}
            {view === "admin" && <AdminView />}
          </ErrorBoundary>
        </main>
        <BottomBar />
      </div>
      <UploadTray />
      <Toasts />
      <ConfirmHost />
      {keys && <KeysDialog onClose={() => setKeys(false)} />}
    </div>
  );
}

/** "?" outside of text fields shows the keyboard's help. */
function useQuestionKey(show: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key === "?" && !["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName)) show();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
