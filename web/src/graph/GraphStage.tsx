import { useCallback, useEffect, useMemo, useState, type KeyboardEvent } from "react";
import type { Graph as GraphAnswer, NodeKind } from "../api/types";
import { setParams, useRoute } from "../app/route";
import { useText } from "../i18n/i18n";
import { MoveDialog } from "../drive/MoveDialog";
import { AddTag } from "../panel/AddTag";
import { Panel } from "../panel/Panel";
import { Dialog } from "../ui/Dialog";
import type { Movable } from "../drive/actions";
import { dropInto, expand } from "./actions";
import { no_focus, type Focus } from "./focus";
import { FpsMeter, useFrames } from "./FpsMeter";
import { GraphBar } from "./GraphBar";
import styles from "./GraphStage.module.css";
import { Legend } from "./Legend";
import { NodeCard } from "./NodeCard";
import { NodeMenu } from "./NodeMenu";
import { useScene } from "./useScene";
import { useSceneEvents } from "./useSceneEvents";

/** The drawing with everything around it: search, legend, the panel of the selected node. */
export function GraphStage({ answer, onReload }: { answer: GraphAnswer; onReload: () => void }) {
  const { t } = useText();
  const { params } = useRoute();
  const [focus, setFocus] = useState<Focus>({ ...no_focus, selected: params["focus"] });
  const [menu, setMenu] = useState<{ id: string; x: number; y: number }>();
  const [moving, setMoving] = useState<Movable>();
  const [tagging, setTagging] = useState<string>();
  const frames = useFrames();
  const { container, model, scene, hues, changes, touch } = useScene(answer, focus, frames.count);
  const change = useCallback((some: Partial<Focus>) => setFocus((now) => ({ ...now, ...some })), []);
  const select = useCallback(
    (id: string | undefined) => {
      change({ selected: id, hovered: undefined });
      setParams({ focus: id });
    },
    [change],
  );
  const reveal = useCallback(
    (id: string) => {
      select(id);
      scene?.show(id);
    },
    [scene, select],
  );
  const grow = async (id: string) => {
    await expand(model, id);
    touch();
    scene?.redraw();
  };
  useSceneEvents(scene, model, {
    onSelect: select,
    onHover: (hovered) => change({ hovered }),
    onExpand: (id) => void grow(id),
    onMenu: (id, x, y) => setMenu({ id, x, y }),
    onTarget: (target) => change({ target }),
    onDropInto: (id, folder) => void dropInto(model, id, folder),
  });

  // A node that was asked for by the address comes into sight; one that is not shown brings its neighbours along.
  useEffect(() => {
    const id = params["focus"];
    if (!scene || !id) return;
    const come = async () => {
      if (!model.hasNode(id)) await grow(id);
      if (model.hasNode(id)) requestAnimationFrame(() => scene.show(id));
    };
    void come();
  }, [scene]);

  const selected = focus.selected !== undefined && model.hasNode(focus.selected) ? model.getNodeAttributes(focus.selected) : undefined;
  const has_panel = selected?.kind === "file" || selected?.kind === "folder";
  const onKeyDown = (event: KeyboardEvent) => {
    const acts: Record<string, () => void> = {
      "+": () => scene?.zoom(1.5), "=": () => scene?.zoom(1.5), "-": () => scene?.zoom(1 / 1.5), "0": () => scene?.fit(),
      ArrowLeft: () => scene?.pan(-1, 0), ArrowRight: () => scene?.pan(1, 0), ArrowUp: () => scene?.pan(0, 1), ArrowDown: () => scene?.pan(0, -1),
      Escape: () => select(undefined),
    };
    const act = acts[event.key];
    if (!act || event.target !== event.currentTarget) return;
    event.preventDefault();
    act();
  };
  const counts = useMemo(() => {
    const kinds = new Map<NodeKind, number>();
    model.forEachNode((_, { kind }) => void kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
    return kinds;
  }, [model, changes]);

  return (
    <div className={styles.view}>
      <div className={styles.stage}>
        <div
          ref={container}
          className={styles.canvas}
          tabIndex={0}
          role="application"
          aria-label={t("graph.label")}
          aria-describedby="graph-keys"
          data-testid="graph-canvas"
          data-nodes={model.order}
          data-edges={model.size}
          onKeyDown={onKeyDown}
        />
        <p id="graph-keys" className="sr">
          {t("graph.keys_hint")}
        </p>
        <GraphBar model={model} changes={changes} scene={scene} onFound={(found) => change({ found })} onOpen={reveal} onReload={onReload} />
        <Legend answer={answer} hues={hues} counts={counts} model={model} focus={focus} onChange={change} />
        {params["fps"] && <FpsMeter frames={frames} />}
        {selected && !has_panel && <NodeCard id={focus.selected!} model={model} onOpen={reveal} onExpand={(id) => void grow(id)} onClose={() => select(undefined)} />}
      </div>
      {selected && has_panel && (
        <Panel key={focus.selected} id={focus.selected!} onClose={() => select(undefined)} onMove={setMoving} onOpen={(entry) => reveal(entry.id)} is_sheet />
      )}
      {menu && model.hasNode(menu.id) && (
        <NodeMenu at={menu} id={menu.id} model={model} onOpen={reveal} onExpand={(id) => void grow(id)} onMove={setMoving} onTag={setTagging} onClose={() => setMenu(undefined)} />
      )}
      {tagging !== undefined && model.hasNode(tagging) && (
        <Dialog title={model.getNodeAttribute(tagging, "name")} onClose={() => setTagging(undefined)}>
          <AddTag id={tagging} known={[]} />
        </Dialog>
      )}
      {moving && <MoveDialog entries={[moving]} onClose={() => setMoving(undefined)} />}
    </div>
  );
}
