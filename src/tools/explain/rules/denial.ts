/** Words that turn a statement round. */
const negators =
  /\b(?:not|never|no|none|nobody|nothing|without|neither|nor|cannot|hardly)\b|n['’]t\b|\bun(?=chang|touch|alter|modif)/gi;
/** What sounds like a denial and is none: how it fails, and turns of phrase. */
const noDenial =
  /\bn(?:o matter|ot only|ot just|o doubt|o idea|o longer works?|ot sure)\b|\bn(?:o|ot) able to\b|\b(?:cannot|can['’]t|could not|couldn['’]t|can not) (?:access|read|find|load|get|see|log|sign|connect|authenticate|authori[sz]e|open|use)|\b(?:it|this|that) (?:does|did)(?:n['’]t| not)(?=\s{0,4}$)|(?:n['’]t| not)(?: even)? (?:work|succeed|complete|start|run|load|respond|show|appear|return|finish|go)/gi;
/** Where one statement ends within a sentence. */
const clauseEnd =
  /[,:()–—]|\b(?:but|although|though|because|since|after|when|while|whereas|which|that|if|and|until|before|as|so)\b/gi;
const sentenceEnd = /[.!?;](?=\s|$)/g;
/** The negation of something that was said before. */
const deniedAfter =
  /\b(?:is|was|are|were|has|have|had|do|does|did|can|could|would|should|will)(?: be)?(?:n['’]t| not| never)\b|\bnot (?:the|it|that|so)\b/i;
/** The person has looked, and it is as it should be. */
const foundRight =
  /\b(?:is|are|was|were|looks?|seems?|stay(?:s|ed)|remain(?:s|ed)|(?:has|have) been)(?: all| both| also| definitely| exactly| certainly)? (?:right|correct|fine|ok(?:ay)?|good|accurate|in sync|sync\w{2,8}|registered|unchanged|untouched|enabled|valid|identical|in order|in place|present|there)\b|\b(?:double-?)?(?:checked|compared)\b|\bverified\b(?! (?:with|by|against|in|on|at))|\b(?:checked|compared|confirmed|verified)(?: the| that the| my| our)?\s{0,4}$/i;
/** What goes well only without it is to blame. */
const worksWithout = /\bwithout\b.{0,80}\b(?:works?|succeeds?|fine)\b/i;
/** The whole sentence is denied, whatever stands between. */
const deniedSentence =
  /(?:\bnot|n['’]t) (?:true|the case|so|right|correct|because|as if)\b|\b(?:that|this|it|which) (?:is|was|were)(?: not|n['’]t) (?:it|so|the (?:cause|problem|issue|reason|case|culprit))\b|\bruled? (?:that )?out\b|\bexcluded\b|\bout of the question\b|\bnot the (?:cause|problem|issue|reason|culprit)\b/i;

/**
 * Whether a person's words say that what a pattern found in them is not so: by a negation beside
 * it in the same clause, by one inside it that the pattern does not ask for ("the password was not
 * changed"), or by saying that it was checked and is right.
 */
export function isDenied(text: string, found: RegExpExecArray, pattern: RegExp): boolean {
  const [match] = found;
  const without = match.replace(negators, ' ').replace(/ {2,9}/g, ' ');
  if (without !== match && pattern.test(without)) return true;
  const from = found.index;
  const [sentenceFrom, sentenceTo] = around(text, from, from + match.length, sentenceEnd);
  const sentence = text.slice(sentenceFrom, sentenceTo);
  if (deniedSentence.test(sentence)) return true;
  const [clauseFrom, clauseTo] = around(text, from, from + match.length, clauseEnd);
  const before = text.slice(Math.max(clauseFrom, sentenceFrom), from).replace(noDenial, ' ');
  const after = text.slice(from + match.length, Math.min(clauseTo, sentenceTo));
  if (before.search(negators) !== -1 && !worksWithout.test(sentence)) return true;
  return (
    deniedAfter.test(after.replace(noDenial, ' ')) ||
    foundRight.test(after) ||
    foundRight.test(before)
  );
}

/** How far a denial reaches in either direction. */
const reach = 300;

/** The part of a text between two separators, around a piece of it. */
function around(text: string, from: number, to: number, separator: RegExp): [number, number] {
  const first = Math.max(0, from - reach);
  const before = [...text.slice(first, from).matchAll(separator)].at(-1);
  const start = before === undefined ? first : first + before.index + before[0].length;
  const length = text.slice(to, to + reach).search(separator);
  return [start, length === -1 ? to + reach : to + length];
}
