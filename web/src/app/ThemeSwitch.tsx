import { useText } from "../i18n/i18n";
import { themeChoice, type ThemeChoice } from "../theme/theme";
import { Segmented } from "../ui/Segmented";
import { useStore } from "./store";

/** Light, dark, or as the system says. */
export function ThemeSwitch() {
  const { t } = useText();
  const choice = useStore(themeChoice);
  const options = [
    { value: "system", label: t("settings.theme_system"), icon: "system", testId: "theme-system" },
    { value: "light", label: t("settings.theme_light"), icon: "sun", testId: "theme-light" },
    { value: "dark", label: t("settings.theme_dark"), icon: "moon", testId: "theme-dark" },
  ] as const;
  return <Segmented<ThemeChoice> compact label={t("settings.theme")} options={options} value={choice} onChange={themeChoice.set} />;
}
