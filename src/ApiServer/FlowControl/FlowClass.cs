namespace MiniKube.ApiServer.FlowControl;

/// <summary>What a request counts as: a FlowSchema and the PriorityLevelConfiguration that it leads to, by their uids.</summary>
internal sealed record FlowClass(string SchemaUid, string LevelUid);
