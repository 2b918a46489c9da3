'use strict';

// s3rver on 127.0.0.1. Environment: PORT, and FOLDER, where the objects are.
// S3 promises three things that s3rver does not do by itself, added here: an object is seen whole or not at all;
// a body that is not what its Content-MD5 or x-amz-content-sha256 says is refused; and requests that empty a
// folder at the same time do not fail.

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { Transform } = require('stream');
const { pipeline } = require('stream/promises');
const S3rver = require('s3rver');
const { DUMMY_ACCOUNT } = require('s3rver/lib/models/account');
const S3Error = require('s3rver/lib/models/error');

// It writes the place where a listing goes on with a cipher that Node has no more: the same with a longer key.
for (const name of ['createCipheriv', 'createDecipheriv']) {
  const create = crypto[name];
  crypto[name] = (cipher, key, iv) => (cipher === 'des' ? create('des-ede3-cbc', Buffer.concat([key, key, key]), iv) : create(cipher, key, iv));
}

const server = new S3rver({ address: '127.0.0.1', port: Number(process.env.PORT), silent: true, directory: process.env.FOLDER });
const store = server.store;
const incoming = path.join(process.env.FOLDER, '..', 'incoming');
fs.mkdirSync(incoming, { recursive: true });

// What Orders' services use for a server that is not AWS.
DUMMY_ACCOUNT.createKeyPair('local', 'local');

async function receive(content, headers, target) {
  const file = path.join(incoming, crypto.randomUUID());
  const md5 = crypto.createHash('md5');
  const sha256 = crypto.createHash('sha256');
  let size = 0;
  try {
    const look = new Transform({
      transform(chunk, _, next) {
        md5.update(chunk);
        sha256.update(chunk);
        size += chunk.length;
        next(null, chunk);
      },
    });
    await pipeline(content, look, fs.createWriteStream(file));
    const digest = md5.digest();
    const stated = headers['x-amz-content-sha256'] ?? '';
    if ('content-md5' in headers && headers['content-md5'] !== digest.toString('base64')) {
      throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
    }
    if (/^[0-9a-f]{64}$/i.test(stated) && stated !== sha256.digest('hex')) {
      const mismatch = new S3Error('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.");
      throw Object.assign(mismatch, { status: 400 });
    }
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.renameSync(file, target);
    return { size, md5: digest.toString('hex') };
  } finally {
    fs.rmSync(file, { force: true });
  }
}

store.putObject = async function (object) {
  const headers = object.content.headers ?? {};
  const result = await receive(object.content, headers, this.getResourcePath(object.bucket, object.key, 'object'));
  await this.putMetadata(object.bucket, object.key, object.metadata, result.md5);
  return result;
};

store.putPart = async function (bucket, uploadId, number, content) {
  const folder = path.join(this.getResourcePath(bucket, undefined, 'uploads'), uploadId);
  if (!fs.existsSync(folder)) {
    throw new S3Error('NoSuchUpload', 'The specified upload does not exist.');
  }
  return receive(content, content.headers, path.join(folder, `${number}`));
};

store.deleteObject = async function (bucket, key) {
  for (const resource of ['object', 'object.md5', 'metadata.json']) {
    fs.rmSync(this.getResourcePath(bucket, key, resource), { force: true });
  }
  const folders = key.split('/').slice(0, -1);
  while (folders.length > 0) {
    try {
      fs.rmdirSync(path.join(this.getBucketPath(bucket), ...folders));
    } catch {
      return; // It is not empty, or gone already.
    }
    folders.pop();
  }
};

server.on('error', error => {
  if (!(error instanceof S3Error)) {
    console.error(error);
  }
});
server.run();
