//! Tests of the controllers in adaptive control: the published figures of each plant, and the means of the weak drive.
