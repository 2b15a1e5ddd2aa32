import { useText } from "../i18n/i18n";
import { listings } from "../live/live";
import { go } from "../app/route";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { Skeleton } from "../ui/Skeleton";
import type { ListingState } from "./listing";
import { nameOf, parentOf } from "./path";

/** What stands in place of the list while a folder loads, is empty, is not there, or cannot be read. */
export function FolderState({ listing }: { listing: ListingState }) {
  const { t } = useText();
  if (listing.status === "loading") return <Skeleton lines={8} height={18} />;
  if (listing.status === "failed") {
    if (listing.error?.status !== 404) {
      return <ErrorState error={listing.error} onRetry={() => void listings.reload(listing.path)} />;
    }
    return (
      <EmptyState
        icon="folder"
        title={t("drive.gone", { name: nameOf(listing.path) })}
        actions={<Button onClick={() => go("drive", parentOf(listing.path))}>{t("drive.up")}</Button>}
      >
        {t("drive.gone_hint")}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="upload" title={t("drive.empty")} testId="empty-folder">
      {t(listing.folder?.may?.write === false ? "drive.empty_read_only" : "drive.empty_hint")}
    </EmptyState>
  );
}
