import { useEffect, useMemo, useRef, useState } from "react";
import { useText } from "../i18n/i18n";
import styles from "./FpsMeter.module.css";

/** Counts drawn frames without asking React for anything. */
export function useFrames() {
  return useMemo(() => {
    const frames = { total: 0, onCount: () => {}, count: () => void ((frames.total += 1), frames.onCount()) };
    return frames;
  }, []);
}

/** Frames drawn in the last second, shown when the address says `fps=1`. */
export function FpsMeter({ frames }: { frames: ReturnType<typeof useFrames> }) {
  const { t, number } = useText();
  const [fps, setFps] = useState(0);
  const meter = useRef<HTMLOutputElement>(null);
  // Told frame by frame in an attribute, for whoever measures from outside.
  useEffect(() => {
    frames.onCount = () => meter.current?.setAttribute("data-total", String(frames.total));
    frames.onCount();
    return () => void (frames.onCount = () => {});
  }, [frames]);
  useEffect(() => {
    let [last, at] = [frames.total, performance.now()];
    const timer = setInterval(() => {
      const now = performance.now();
      setFps(Math.round(((frames.total - last) * 10_000) / (now - at)) / 10);
      [last, at] = [frames.total, now];
    }, 1000);
    return () => clearInterval(timer);
  }, [frames]);
  return (
    <output ref={meter} className={styles.meter} data-testid="graph-fps" data-fps={fps}>
      {t("graph.fps", { fps: number(fps) })}
    </output>
  );
}
