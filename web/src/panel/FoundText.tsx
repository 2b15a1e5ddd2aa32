import { useQuery } from "@tanstack/react-query";
import { api } from "../api/api";
import { keys } from "../api/keys";
import styles from "./TextPreview.module.css";

/** The text that analysis found in a file; nothing when it found none. */
export function FoundText({ id, version }: { id: string; version: number | undefined }) {
  const { data } = useQuery({ queryKey: keys.text(id, version), queryFn: ({ signal }) => api.text(id, signal), retry: false });
  return data ? <pre className={styles.text}>{data}</pre> : null;
}
