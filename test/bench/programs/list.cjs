// The least that lists the folder: node list.cjs <origin> <access token>
const [origin, accessToken] = process.argv.slice(2);
const fields =
  'id,name,mimeType,size,createdTime,modifiedTime,md5Checksum,version,parents,spaces,appProperties';

async function run() {
  const files = [];
  let pageToken;
  do {
    const query = new URLSearchParams({
      spaces: 'appDataFolder',
      pageSize: '1000',
      fields: `nextPageToken,incompleteSearch,files(${fields})`,
    });
    if (pageToken !== undefined) query.set('pageToken', pageToken);
    const answer = await fetch(`${origin}/drive/v3/files?${query}`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    if (!answer.ok) throw new Error(await answer.text());
    const page = await answer.json();
    files.push(...page.files);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  process.stdout.write(`${JSON.stringify(files)}\n`);
}

run();
