import type { IconName } from "../ui/icons";
import type { View } from "./route";

/** The places that the side bar and the bottom bar lead to, in their order. */
export const nav: readonly { view: View; icon: IconName; key: `nav.${View}` }[] = [
  { view: "drive", icon: "drive", key: "nav.drive" },
  { view: "graph", icon: "graph", key: "nav.graph" },
  { view: "cluster", icon: "cluster", key: "nav.cluster" },
  { view: "shards", icon: "shards", key: "nav.shards" },
  { view: "trash", icon: "trash", key: "nav.trash" },
  { view: "admin", icon: "settings", key: "nav.admin" },
];
