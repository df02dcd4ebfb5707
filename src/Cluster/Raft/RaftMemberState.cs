namespace MiniKube.Cluster.Raft;

/// <summary>What a member says of itself at <c>/raft/status</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Leader">Where the leader, as it knows, answers clients; null if it knows none.</param>
/// <param name="Term">How often a leader was looked for.</param>
/// <param name="LastEntry">The last entry of its log.</param>
/// <param name="Committed">The last one that it knows most members to have.</param>
/// <param name="Applied">The last one that its values come of.</param>
/// <param name="Keys">How many keys have a value.</param>
internal sealed record RaftMemberState(int Id, string? Leader, long Term, long LastEntry, long Committed, long Applied, int Keys);
