// What every page has: the offline line, and buttons that post only once.
import { postOnce } from "./once.js";
import { watchConnection } from "./offline.js";

watchConnection();
postOnce(document);
