/**
 * A node as one triangle in which the fragment shader cuts out its shape: disc (file), rounded square (folder), ring
 * (tag), diamond (person). Built like sigma's own NodeCircleProgram, with one number more: `shape`.
 *
 * The triangle's inscribed circle has the node's radius, so every shape stays within about that circle.
 */
import type Sigma from "sigma";
import { NodeProgram } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";
import type { ProgramInfo } from "sigma/rendering";
import { shapes } from "./look";

export interface ShapeData extends NodeDisplayData {
  shape: number;
}

const vertex = /* glsl */ `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
attribute float a_angle;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying vec2 v_offset;
varying float v_pixel;
varying float v_shape;
const float bias = 255.0 / 254.0;

void main() {
  float size = a_size * u_correctionRatio / u_sizeRatio * 4.0;
  vec2 offset = size * vec2(cos(a_angle), sin(a_angle));
  gl_Position = vec4((u_matrix * vec3(a_position + offset, 1)).xy, 0, 1);
  v_offset = offset / (size / 2.0);
  v_pixel = 2.0 * u_correctionRatio / (size / 2.0);
  v_shape = a_shape;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
}
`;

const fragment = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying vec2 v_offset;
varying float v_pixel;
varying float v_shape;

void main(void) {
  float disc = length(v_offset) - 1.0;
  #ifdef PICKING_MODE
  gl_FragColor = disc > 0.0 ? vec4(0.0) : v_color;
  #else
  vec2 q = abs(v_offset);
  float edge = disc;
  float inner = 1.0;
  if (v_shape > 2.5) {
    edge = (q.x + q.y - 1.0) * 0.7071;
  } else if (v_shape > 1.5) {
    inner = length(v_offset) < 0.56 ? 0.28 : 1.0;
  } else if (v_shape > 0.5) {
    vec2 d = q - vec2(0.56);
    edge = length(max(d, 0.0)) + min(max(d.x, d.y), 0.0) - 0.2;
  }
  float cover = 1.0 - smoothstep(-v_pixel, 0.0, edge);
  gl_FragColor = v_color * (cover * inner);
  #endif
}
`;

const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
const uniforms = ["u_sizeRatio", "u_correctionRatio", "u_matrix"] as const;

export class NodeShapeProgram extends NodeProgram<(typeof uniforms)[number]> {
  /** Without a picking buffer: quick_sigma.ts finds nodes by distance. */
  constructor(gl: WebGLRenderingContext, _picking: WebGLFramebuffer | null, view: Sigma) {
    super(gl, null, view);
  }

  override getDefinition() {
    return {
      VERTICES: 3,
      VERTEX_SHADER_SOURCE: vertex,
      FRAGMENT_SHADER_SOURCE: fragment,
      METHOD: TRIANGLES,
      UNIFORMS: uniforms,
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_shape", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_angle", size: 1, type: FLOAT }],
      CONSTANT_DATA: [[0], [(2 * Math.PI) / 3], [(4 * Math.PI) / 3]],
    };
  }

  override processVisibleItem(node: number, start: number, data: NodeDisplayData): void {
    const { array } = this;
    array[start] = data.x;
    array[start + 1] = data.y;
    array[start + 2] = data.size;
    array[start + 3] = (data as ShapeData).shape ?? shapes.file;
    array[start + 4] = floatColor(data.color);
    array[start + 5] = node;
  }

  override setUniforms(params: RenderParams, { gl, uniformLocations }: ProgramInfo): void {
    const { u_sizeRatio, u_correctionRatio, u_matrix } = uniformLocations as Record<(typeof uniforms)[number], WebGLUniformLocation>;
    gl.uniform1f(u_correctionRatio, params.correctionRatio);
    gl.uniform1f(u_sizeRatio, params.sizeRatio);
    gl.uniformMatrix3fv(u_matrix, false, params.matrix);
  }
}
