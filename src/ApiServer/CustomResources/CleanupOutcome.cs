namespace MiniKube.ApiServer.CustomResources;

/// <summary>How far the deletion of a definition's objects is, as its condition tells it.</summary>
internal sealed record CleanupOutcome(bool IsDone, string Reason, string Message);
