"""From the candidates' publicity to the contract: objections hold the award; both notices go out in one act."""
