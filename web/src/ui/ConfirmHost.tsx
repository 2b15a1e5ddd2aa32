import { useStore } from "../app/store";
import { useText } from "../i18n/i18n";
import { Button } from "./Button";
import { question } from "./confirm";
import { Dialog } from "./Dialog";

/** Shows the question that waits for its answer, if there is one. */
export function ConfirmHost() {
  const { t } = useText();
  const asked = useStore(question);
  if (!asked) return null;
  const actions = (
    <>
      <Button onClick={() => asked.answer(false)}>{t("common.cancel")}</Button>
      <Button kind="danger" autoFocus data-testid="confirm" onClick={() => asked.answer(true)}>
        {asked.confirm}
      </Button>
    </>
  );
  return (
    <Dialog title={asked.title} onClose={() => asked.answer(false)} actions={actions}>
      <p>{asked.text}</p>
    </Dialog>
  );
}
