/**
 * The drawing: sigma on a container, showing a model under a focus. Owns the WebGL context; kill() gives it back.
 *
 * Edges are lines of one pixel in large graphs, smoothed ones in small graphs. Without a graphics card nodes and edges
 * are drawn flat (flat.ts). Names are culled by sigma's grid, so that few are drawn at a time.
 */
import Sigma from "sigma";
import { EdgeLineProgram, EdgeRectangleProgram } from "sigma/rendering";
import { FlatEdgeProgram, FlatNodeProgram, flush, isSoftwareGl, putName, showHovers } from "./flat";
import { no_focus, stances, type Focus, type Stance } from "./focus";
import { Labels, type TopicName } from "./labels";
import { css, mix, shapes, sizeOf, type Palette } from "./look";
import type { EdgeAttributes, Model, NodeAttributes } from "./model";
import { NodeShapeProgram } from "./node_program";
import { nodeAt, quicken } from "./quick_sigma";
import type { TopicPlace } from "./topics";

const smooth_edges_max = 3_000;
const small_order_max = 800;
const hover_fades_max = 1_500;
const topics_order_min = 150;
const topics_ratio_min = 0.45;
const move_ms = 320;

export interface SceneParts {
  container: HTMLElement;
  model: Model;
  palette: Palette;
  /** Community id → index of its hue. */
  hues: ReadonlyMap<number, number>;
  topics: readonly TopicPlace[];
  onFrame: () => void;
}

export class Scene {
  readonly sigma: Sigma<NodeAttributes, EdgeAttributes>;
  private focus: Focus = no_focus;
  private palette: Palette;
  private readonly labels: Labels;
  private stance: (id: string, node: NodeAttributes) => Stance;
  private readonly stance_of = new Map<string, Stance>();
  private refresh_is_due = false;
  /** How much of their colour edges show; less where they are many. */
  private readonly edge_strength: number;

  constructor(private readonly parts: SceneParts) {
    this.palette = parts.palette;
    this.stance = stances(parts.model, this.focus);
    const is_flat = isSoftwareGl();
    const is_large = parts.model.size > smooth_edges_max;
    const is_small = parts.model.order <= small_order_max;
    this.edge_strength = is_small ? 0.6 : 0.28;
    this.labels = new Labels(parts.palette, is_flat ? (sprite, x, y) => putName(this.sigma, sprite, x, y) : undefined);
    this.sigma = new Sigma(parts.model, parts.container, {
      allowInvalidContainer: true,
      defaultNodeType: "shape",
      defaultEdgeType: "edge",
      nodeProgramClasses: { shape: (is_flat ? FlatNodeProgram : NodeShapeProgram) as never },
      nodeHoverProgramClasses: { shape: NodeShapeProgram as never },
      edgeProgramClasses: { edge: (is_flat ? FlatEdgeProgram : is_large ? EdgeLineProgram : EdgeRectangleProgram) as never },
      defaultDrawNodeLabel: this.labels.drawLabel as never,
      defaultDrawNodeHover: this.labels.drawHover as never,
      labelFont: getComputedStyle(document.body).fontFamily,
      labelSize: 12,
      labelWeight: "500",
      labelDensity: is_small ? 1.2 : 0.7,
      labelGridCellSize: 110,
      labelRenderedSizeThreshold: is_small ? 3 : 6.5,
      minEdgeThickness: is_small ? 1.6 : 0.8,
      zIndex: true,
      minCameraRatio: 0.01,
      maxCameraRatio: 4,
      stagePadding: 40,
      nodeReducer: (id, node) => this.drawnNode(id, node) as never,
      edgeReducer: (id, edge) => this.drawnEdge(id, edge) as never,
    });
    quicken(this.sigma, parts.model);
    this.sigma.setCustomBBox(this.sigma.getBBox());
    this.sigma.on("beforeRender", () => this.labels.begin(this.topicNames(), this.sigma.getSetting("labelFont")));
    this.sigma.on("afterRender", () => {
      this.drawTopics();
      flush(this.sigma);
      parts.onFrame();
    });
  }

  /** In large graphs the pointer alone fades nothing: all nodes and edges would be computed again as it passes. */
  setFocus(focus: Focus): void {
    const fresh = this.parts.model.order > hover_fades_max ? { ...focus, hovered: undefined } : focus;
    const is_same = (Object.keys(fresh) as (keyof Focus)[]).every((key) => fresh[key] === this.focus[key]);
    this.focus = fresh;
    showHovers(this.sigma, focus.hovered !== undefined || focus.selected !== undefined || focus.target !== undefined);
    if (!is_same) this.redraw();
  }

  setPalette(palette: Palette): void {
    this.palette = palette;
    this.labels.setPalette(palette);
    this.redraw();
  }

  /** Looks at everything again, at most once per frame. */
  redraw(): void {
    if (this.refresh_is_due) return;
    this.refresh_is_due = true;
    requestAnimationFrame(() => {
      this.refresh_is_due = false;
      if (this.is_killed) return;
      this.stance = stances(this.parts.model, this.focus);
      this.stance_of.clear();
      this.sigma.refresh();
    });
  }

  /** Moves the camera so that a node is in the middle and its surroundings are seen. */
  show(id: string): void {
    const place = this.sigma.getNodeDisplayData(id);
    if (!place) return;
    const ratio = Math.min(this.sigma.getCamera().ratio, 0.35);
    this.move({ x: place.x, y: place.y, ratio });
  }

  zoom(factor: number): void {
    this.move({ ratio: this.sigma.getCamera().ratio / factor });
  }

  fit(): void {
    this.sigma.setCustomBBox(null);
    this.sigma.refresh();
    this.sigma.setCustomBBox(this.sigma.getBBox());
    this.move({ x: 0.5, y: 0.5, ratio: 1 });
  }

  pan(dx: number, dy: number): void {
    const { x, y, ratio } = this.sigma.getCamera();
    this.move({ x: x + dx * ratio * 0.15, y: y + dy * ratio * 0.15 });
  }

  /** The folder under a point of the container (px), other than `except`. */
  folderAt(x: number, y: number, except: string): string | undefined {
    return nodeAt(this.sigma, this.parts.model, { x, y }, (id, node) => node.kind === "folder" && id !== except);
  }

  kill(): void {
    this.is_killed = true;
    this.sigma.kill();
  }

  private is_killed = false;

  private move(state: { x?: number; y?: number; ratio?: number }): void {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    void this.sigma.getCamera().animate(state, { duration: calm ? 0 : move_ms });
  }

  /** Seen from afar, the names of topics say more than those of single files. */
  private topicNames(): TopicName[] {
    const { model, topics } = this.parts;
    const is_near = this.sigma.getCamera().ratio < topics_ratio_min;
    const is_led = this.focus.found !== undefined || this.focus.selected !== undefined;
    if (model.order < topics_order_min || is_near || is_led) return [];
    return topics
      .filter(({ id }) => this.focus.topic === undefined || this.focus.topic === id)
      .map(({ id, name, x, y }) => ({ name, colour: this.colourOf(id), ...this.sigma.graphToViewport({ x, y }) }));
  }

  private drawTopics(): void {
    const context = this.sigma.getCanvases()["labels"]?.getContext("2d");
    if (!context) return;
    for (const topic of this.topicNames()) this.labels.drawTopic(context, topic, this.sigma.getSetting("labelFont"));
  }

  private colourOf(community: number | undefined) {
    const { hues } = this.palette;
    const at = community === undefined ? undefined : this.parts.hues.get(community);
    return hues[at ?? hues.length - 1]!;
  }

  private stanceOf(id: string): Stance {
    let stance = this.stance_of.get(id);
    if (!stance) this.stance_of.set(id, (stance = this.stance(id, this.parts.model.getNodeAttributes(id))));
    return stance;
  }

  private drawnNode(id: string, node: NodeAttributes) {
    const { is_hidden, is_faded, is_strong } = this.stanceOf(id);
    const { model } = this.parts;
    const colour = this.colourOf(node.community);
    const size = sizeOf(node.kind, model.degree(id), model.order);
    return {
      x: node.x,
      y: node.y,
      shape: shapes[node.kind],
      label: is_faded ? "" : node.name,
      size: is_strong ? size * 1.3 : size,
      color: css(is_faded ? mix(colour, this.palette.background, 0.16) : colour),
      hidden: is_hidden,
      forceLabel: is_strong,
      highlighted: id === this.focus.selected || id === this.focus.target,
      zIndex: is_strong ? 2 : is_faded ? 0 : 1,
      type: "shape",
    };
  }

  private drawnEdge(id: string, edge: EdgeAttributes) {
    const { model } = this.parts;
    const [from, to] = [model.source(id), model.target(id)];
    const [a, b] = [this.stanceOf(from), this.stanceOf(to)];
    const centre = this.focus.hovered ?? this.focus.selected;
    const is_centred = centre === from || centre === to;
    const is_faded = a.is_faded || b.is_faded || (centre !== undefined && model.hasNode(centre) && !is_centred);
    const { background, line } = this.palette;
    const colour = edge.type === "CONTAINS" ? line : this.colourOf(model.getNodeAttribute(from, "community"));
    const part = is_faded ? 0.07 : is_centred ? 0.85 : edge.type === "CONTAINS" ? this.edge_strength * 1.5 : this.edge_strength;
    return {
      color: css(mix(colour, background, part)),
      size: is_centred ? 2 : 1,
      hidden: a.is_hidden || b.is_hidden,
      zIndex: is_centred ? 2 : is_faded ? 0 : 1,
      type: "edge",
    };
  }
}
