import styles from "./Icon.module.css";
import { graph_dots, icons, type IconName } from "./icons";

interface Props {
  name: IconName;
  size?: number;
  /** Only when nothing beside the icon says the same. */
  label?: string | undefined;
  className?: string | undefined;
}

/** An icon in the colour of the text around it; hidden from screen readers unless it has a label. */
export function Icon({ name, size = 18, label, className }: Props) {
  const role = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  return (
    <svg className={`${styles.icon} ${className ?? ""}`} viewBox="0 0 20 20" width={size} height={size} {...role}>
      <path d={icons[name]} strokeWidth={name === "more" ? 2.4 : undefined} />
      {name === "graph" && graph_dots.map(([x, y, r]) => <circle key={x} cx={x} cy={y} r={r} />)}
    </svg>
  );
}
