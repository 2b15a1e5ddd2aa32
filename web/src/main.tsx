import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { startRoute } from "./app/route";
import { startSession } from "./app/session";
import { startLanguage } from "./i18n/i18n";
import "./theme/tokens.css";
import "./theme/base.css";
import { startTheme } from "./theme/theme";
import { startUploads } from "./upload/uploads";

startTheme();
startLanguage();
startRoute();
startUploads();
void startSession();

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
