import { QueryClientProvider } from "@tanstack/react-query";
import { useText } from "../i18n/i18n";
import { queries } from "../live/live";
import { SignIn } from "../signin/SignIn";
import { ErrorState } from "../ui/ErrorState";
import styles from "./App.module.css";
import { Logo } from "./Logo";
import { session, startSession } from "./session";
import { Shell } from "./Shell";
import { useStore } from "./store";

/** Signed in, signed out, or not yet known which. */
export function App() {
  const { t } = useText();
  const now = useStore(session);
  switch (now.state) {
    case "asking":
      return (
        <div className={styles.asking} role="status" aria-label={t("common.loading")}>
          <Logo size={44} />
        </div>
      );
    case "unreachable":
      return <ErrorState error={now.error} onRetry={() => void startSession()} />;
    case "out":
      return <SignIn expired={now.expired} />;
    case "in":
      return (
        <QueryClientProvider client={queries}>
          <Shell key={now.user.name} event={now.event} />
        </QueryClientProvider>
      );
  }
}
