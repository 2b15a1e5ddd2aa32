import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api } from "../api/api";
import { keys } from "../api/keys";
import { useText } from "../i18n/i18n";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { Skeleton } from "../ui/Skeleton";
import { GraphStage } from "./GraphStage";

const nodes_max = 5000;

/** The whole drive as a graph: what belongs together stands together, laid out by the server. */
export default function GraphView() {
  const { t } = useText();
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: keys.graph,
    queryFn: ({ signal }) => api.graph(nodes_max, signal),
    staleTime: Infinity,
    gcTime: 0,
  });
  const can_draw = useMemo(hasWebGl, []);
  useEffect(() => {
    document.getElementById("main")?.scrollTo(0, 0);
  }, []);
  if (!can_draw) {
    return (
      <EmptyState icon="graph" title={t("graph.no_webgl")}>
        {t("graph.no_webgl_hint")}
      </EmptyState>
    );
  }
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton lines={5} />;
  if ((data.nodes ?? []).length === 0) {
    return (
      <EmptyState icon="graph" title={t("graph.empty")}>
        {t("graph.empty_hint")}
      </EmptyState>
    );
  }
  return <GraphStage key={dataUpdatedAt} answer={data} onReload={() => void refetch()} />;
}

function hasWebGl(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}
