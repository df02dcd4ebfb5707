namespace MiniKube.ApiServer.Endpoints.Discovery;

/// <summary>A group of the API and its versions, the preferred one first.</summary>
internal sealed record ApiGroup(string Name, IReadOnlyList<string> Versions);
