// What every page has: the offline line, forms that are sent in place, and buttons that post only once.
import { postOnce } from "./once.js";
import { watchConnection } from "./offline.js";
import { swapInPlace } from "./swap.js";

watchConnection();
swapInPlace(document);
postOnce(document);
