import { installGsac } from '../support/process.js';
import { describeStory } from '../support/story.js';

describeStory('the installed gsac, file store', installGsac);
