import { language, languages, useText, type Language } from "../i18n/i18n";
import { Segmented } from "../ui/Segmented";

/** English or 简体中文; each is written in itself. */
export function LanguageSwitch() {
  const text = useText();
  const options = (Object.keys(languages) as Language[]).map((value) => ({
    value, label: value === "zh" ? "中文" : "English", testId: `language-${value}`,
  }));
  return (
    <span data-testid="language-switch">
      <Segmented label={text.t("settings.language")} options={options} value={text.language} onChange={language.set} />
    </span>
  );
}
