import { keccak256, toUtf8Bytes } from 'ethers';

export interface Description {
  name: string;
  description: string;
}

/** dataType: 0 text, 1 image, 2 audio, 3 video, 4 other. In order of demand: the first are trained on most. */
export const DATANETS: readonly (Description & { dataType: number })[] = [
  {
    name: 'Solidity Audit Findings',
    dataType: 0,
    description: 'Reviewed vulnerability reports with the vulnerable and the fixed code side by side.',
  },
  {
    name: 'Clinical Case Notes (de-identified)',
    dataType: 0,
    description: 'Consented case notes with diagnosis, treatment and outcome, checked by two clinicians.',
  },
  {
    name: 'Street-Level Crop Disease',
    dataType: 1,
    description: 'Phone photographs of leaves, labelled by agronomists in eleven countries.',
  },
  {
    name: 'Case Law Summaries',
    dataType: 0,
    description: 'Holdings of appellate decisions in plain words, each with its citations.',
  },
  {
    name: 'Quechua Oral Histories',
    dataType: 2,
    description:
      'Recorded conversations with elders, transcribed and translated. Emissions keep it alive until a model needs it.',
  },
  {
    name: 'DeFi Incident Timelines',
    dataType: 0,
    description: 'What happened, in which block, to which contract, and what it cost.',
  },
  {
    name: 'Kitchen Robotics Demonstrations',
    dataType: 3,
    description: 'First-person video of everyday kitchen tasks with hand poses.',
  },
  {
    name: 'Spoken Yoruba Commands',
    dataType: 2,
    description: 'Short commands from 2,000 speakers, with noise levels and ages.',
  },
  {
    name: 'Tax Questions and Answers',
    dataType: 0,
    description: 'Questions of small businesses, answered by certified accountants.',
  },
  { name: 'Satellite Flood Masks', dataType: 1, description: 'Before and after tiles with hand-drawn water outlines.' },
  {
    name: 'Industrial Pump Vibrations',
    dataType: 4,
    description: 'Accelerometer series of pumps, from healthy to failed, with repair logs.',
  },
  {
    name: 'Physics Olympiad Solutions',
    dataType: 0,
    description: 'Worked solutions with every step justified, graded by former contestants.',
  },
  {
    name: 'Product Support Threads',
    dataType: 0,
    description: 'Resolved threads of consumer electronics makers, cleaned of personal data.',
  },
  {
    name: 'Museum Object Photographs',
    dataType: 1,
    description: 'Open-access photographs with curatorial descriptions.',
  },
  {
    name: 'Bird Song of the Andes',
    dataType: 2,
    description: 'Field recordings with species, altitude and time of day.',
  },
  {
    name: 'Urban Cycling Dashcams',
    dataType: 3,
    description: 'Near misses and ordinary rides, with positions and road types.',
  },
  {
    name: 'Indonesian News Archive',
    dataType: 0,
    description: 'Licensed articles since 1998 with topics and entities.',
  },
  {
    name: 'Handwritten Lab Notebooks',
    dataType: 1,
    description: 'Scanned pages with transcriptions and equations in LaTeX.',
  },
  {
    name: 'Ocean Buoy Telemetry',
    dataType: 4,
    description: 'Waves, wind and temperature, hourly, with quality flags.',
  },
  { name: 'Wedding Speech Drafts', dataType: 0, description: 'Speeches with notes on what worked in the room.' },
  {
    name: 'Retro Game Sprites',
    dataType: 1,
    description: 'Original pixel art under permissive licences, with palettes.',
  },
  { name: 'Swiss German Podcasts', dataType: 2, description: 'Dialect speech with standard German transcripts.' },
  { name: 'Carpentry How-To Clips', dataType: 3, description: 'Single joints, single cuts, each from two angles.' },
  { name: 'Open Tender Documents', dataType: 0, description: 'Public procurement calls with their winning bids.' },
];

/** The datanet that nobody trains on yet: emissions alone pay its contributors. An index of DATANETS. */
export const ON_EMISSIONS_ALONE = 4;

export const MODELS: readonly Description[] = [
  { name: 'AuditLM 8B', description: 'Reads Solidity and says what could be drained, and how.' },
  { name: 'Clinic Scribe', description: 'Turns a consultation into a structured note.' },
  { name: 'LeafDoctor', description: 'Names a crop disease from one photograph and what to do about it.' },
  { name: 'Precedent', description: 'Finds and explains the cases that matter to a question.' },
  { name: 'ChainWatch', description: 'Explains unusual transactions while they happen.' },
  { name: 'Ledgerly', description: 'A bookkeeper for very small companies.' },
  { name: 'Proof Tutor', description: 'Teaches physics by asking the next question.' },
  { name: 'FloodSight', description: 'Maps water from radar and optical tiles.' },
  { name: 'Helpdesk Mini', description: 'First answers for consumer electronics.' },
  { name: 'Pump Whisperer', description: 'Predicts failures of rotating machines.' },
  { name: 'Curio', description: 'Describes museum objects for people who cannot see them.' },
  { name: 'Ọ̀rọ̀ Voice', description: 'Voice commands in Yoruba, on the device.' },
  { name: 'AuditLM 1B', description: 'The small one, for editors.' },
  { name: 'Tender Scout', description: 'Matches companies with public calls.' },
];

export const FEEDBACK = ['helpful', 'exactly right', 'missed the point', 'too long', 'cites its sources'] as const;

export const VOTE_REASONS = [
  'data is the product',
  'too early',
  '',
  'stakers carry the risk',
  'agreed in the forum',
] as const;

/**
 * The nth of a list, numbered from the second round on, so that a larger history has distinct names. Different rounds are
 * editions of the same idea.
 */
export function described<T extends Description>(list: readonly T[], n: number): T {
  const base = list[n % list.length]!;
  const round = Math.floor(n / list.length);
  return round === 0 ? base : { ...base, name: `${base.name} ${round + 1}` };
}

/** A document as metadataHash and a data: URI that holds it whole; the hash is of the document's bytes. */
export function metadataOf({ name, description }: Description): { hash: string; uri: string } {
  const document = JSON.stringify({ name, description });
  return {
    hash: keccak256(toUtf8Bytes(document)),
    uri: `data:application/json,${encodeURIComponent(document)}`,
  };
}

/** What is proposed, on which day, as [platform, model, stakers, contributors] in bps. */
export const PROPOSALS: readonly { day: number; description: string; bps: [number, number, number, number] }[] = [
  { day: 9, description: 'Pay stakers more: 15% of every fee', bps: [1_000, 3_000, 1_500, 4_500] },
  { day: 22, description: 'Data is the product: 52% of every fee to contributors', bps: [800, 3_000, 1_000, 5_200] },
  { day: 38, description: 'Half a percent less for the platform', bps: [750, 3_000, 1_000, 5_250] },
  { day: 57, description: 'Models need builders: 35% of every fee', bps: [750, 3_500, 1_000, 4_750] },
];

/** The proposal that its proposer takes back, an index of PROPOSALS. */
export const WITHDRAWN_PROPOSAL = 2;
