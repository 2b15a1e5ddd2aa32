import { useRef, useState, type DragEvent } from "react";
import { canDrop, drop } from "./drag";

/** Handlers that make an element a place to drop on: entries move into `folder`, files are uploaded there. */
export function useDropTarget(folder: string | undefined) {
  const [is_over, setOver] = useState(false);
  const depth = useRef(0);
  const leave = () => {
    depth.current = 0;
    setOver(false);
  };
  if (folder === undefined) return { is_over: false, handlers: {} };
  const handlers = {
    onDragEnter: (event: DragEvent) => {
      if (!canDrop(event, folder)) return;
      event.preventDefault();
      event.stopPropagation();
      depth.current += 1;
      setOver(true);
    },
    onDragOver: (event: DragEvent) => {
      if (!canDrop(event, folder)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    onDragLeave: () => {
      depth.current -= 1;
      if (depth.current <= 0) leave();
    },
    onDrop: (event: DragEvent) => {
      leave();
      if (canDrop(event, folder)) drop(event, folder);
    },
  };
  return { is_over, handlers };
}
