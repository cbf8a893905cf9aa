import { potentialContract } from "../contracts/potential-contract.js";
import { lawCases } from "./law-cases.js";

for (const one of lawCases) potentialContract(one);
