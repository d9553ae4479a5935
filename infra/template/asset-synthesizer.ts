import {
  type FileAssetLocation,
  type FileAssetSource,
  Fn,
  type ISynthesisSession,
  StackSynthesizer,
} from 'aws-cdk-lib';
import { assetParameters } from './parameters.ts';

/** Takes a file or a folder that a template needs, and says what it is called in the bucket. */
export type AddAsset = (asset: FileAssetSource) => string;

/**
 * Writes a template that knows no bootstrapped account: what it needs is in a bucket, and below a prefix, that
 * its owner names.
 */
export class AssetSynthesizer extends StackSynthesizer {
  readonly #addAsset: AddAsset;

  constructor(addAsset: AddAsset) {
    super();
    this.#addAsset = addAsset;
  }

  addFileAsset(asset: FileAssetSource): FileAssetLocation {
    const bucketName = Fn.ref(assetParameters.bucket);
    const objectKey = Fn.join('', [Fn.ref(assetParameters.prefix), this.#addAsset(asset)]);
    const s3ObjectUrl = `s3://${bucketName}/${objectKey}`;
    return { bucketName, objectKey, s3ObjectUrl, httpUrl: s3ObjectUrl };
  }

  addDockerImageAsset(): never {
    throw new Error('no template of ours has an image');
  }

  synthesize(session: ISynthesisSession): void {
    this.synthesizeTemplate(session);
    this.emitArtifact(session);
  }
}
