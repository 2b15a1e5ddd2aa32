import styles from "./Logo.module.css";

/** The mark: three files and what links them. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg className={styles.logo} width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" />
      <path d="M10 21.5 16 10l6.5 9M10 21.5l12.5-2.5" />
      <circle cx="16" cy="10" r="3.6" />
      <circle cx="10" cy="21.5" r="3" />
      <circle cx="22.5" cy="19" r="2.4" />
    </svg>
  );
}
