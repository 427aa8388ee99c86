/** A text with the same words in place of what is another in every run: times, durations, processes. */
function masked(text) {
  return text
    .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b/g, 'TIME')
    .replace(/"at":\d{13}\b/g, '"at":TIME')
    .replace(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, 'TIME')
    .replace(/(?<![\w.])\d+(\.\d+)?(ms|s|m|h|d)\b/g, 'DURATION')
    .replace(/\b\d\d:\d\d\b(?!:)/g, 'MM:SS')
    .replace(/\b192\.0\.2\.11:\d{5}\b/g, 'CLIENT')
    .replace(/\b\d{13}\b/g, 'MS')
    .replace(/\b[0-9a-f]{12}\b/g, 'DIGEST')
    .replace(/\b\d+ inactive\b/g, 'N inactive')
    .replace(/ETag: "[\w-]+"/g, 'ETag')
    .replace(/ +/g, ' ')
    .replace(/[ \t]+$/gm, '');
}

module.exports = { masked };
