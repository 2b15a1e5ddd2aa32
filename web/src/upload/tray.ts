/** Whether the list of uploads is open. */
import { createStore } from "../app/store";

export const tray = createStore(false);
