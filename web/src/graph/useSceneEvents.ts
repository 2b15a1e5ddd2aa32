import { useEffect } from "react";
import type { Model } from "./model";
import type { Scene } from "./Scene";

export interface SceneEvents {
  onSelect: (id: string | undefined) => void;
  onHover: (id: string | undefined) => void;
  onExpand: (id: string) => void;
  /** Right press: a menu is wanted at a point of the window. */
  onMenu: (id: string, x: number, y: number) => void;
  /** While a node is dragged: the folder below it, if any. */
  onTarget: (id: string | undefined) => void;
  /** A node was let go over a folder. */
  onDropInto: (id: string, folder: string) => void;
}

const drag_px_min = 5;
const hover_wait_ms = 50;

/** What the pointer does on the drawing. A dragged node stays where it is put, or falls into a folder. */
export function useSceneEvents(scene: Scene | undefined, model: Model, events: SceneEvents): void {
  useEffect(() => {
    if (!scene) return;
    const { sigma } = scene;
    let dragged: { id: string; x: number; y: number; moved: boolean } | undefined;
    let hover: ReturnType<typeof setTimeout> | undefined;

    const hoverSoon = (id: string | undefined) => {
      clearTimeout(hover);
      hover = setTimeout(() => events.onHover(id), hover_wait_ms);
    };
    const targetOf = (x: number, y: number) => {
      const kind = dragged && model.hasNode(dragged.id) ? model.getNodeAttribute(dragged.id, "kind") : undefined;
      return kind === "file" || kind === "folder" ? scene.folderAt(x, y, dragged!.id) : undefined;
    };
    const letGo = (x: number, y: number) => {
      if (!dragged) return;
      const { id, moved } = dragged;
      const target = moved ? targetOf(x, y) : undefined;
      dragged = undefined;
      events.onTarget(undefined);
      if (target && !model.hasEdge(`CONTAINS:${target}:${id}`)) events.onDropInto(id, target);
    };

    sigma.on("enterNode", ({ node }) => hoverSoon(node));
    sigma.on("leaveNode", () => hoverSoon(undefined));
    sigma.on("clickNode", ({ node }) => events.onSelect(node));
    sigma.on("clickStage", () => events.onSelect(undefined));
    sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      events.onExpand(node);
    });
    sigma.on("rightClickNode", ({ node, event }) => {
      event.original.preventDefault();
      const { clientX, clientY } = event.original as MouseEvent;
      events.onMenu(node, clientX, clientY);
    });
    sigma.on("downNode", ({ node, event }) => {
      if ((event.original as MouseEvent).button) return;
      dragged = { id: node, x: event.x, y: event.y, moved: false };
    });
    sigma.on("moveBody", ({ event }) => {
      if (!dragged || !model.hasNode(dragged.id)) return;
      dragged.moved ||= Math.hypot(event.x - dragged.x, event.y - dragged.y) > drag_px_min;
      if (!dragged.moved) return;
      model.mergeNodeAttributes(dragged.id, sigma.viewportToGraph(event));
      events.onTarget(targetOf(event.x, event.y));
      event.preventSigmaDefault();
      event.original.preventDefault();
    });
    sigma.on("upNode", ({ event }) => letGo(event.x, event.y));
    sigma.on("upStage", ({ event }) => letGo(event.x, event.y));
    const noMenu = (event: Event) => event.preventDefault();
    sigma.getContainer().addEventListener("contextmenu", noMenu);
    return () => {
      clearTimeout(hover);
      sigma.removeAllListeners();
      sigma.getContainer().removeEventListener("contextmenu", noMenu);
    };
  }, [scene, model]);
}
