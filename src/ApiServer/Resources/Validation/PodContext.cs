using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What the rules of a container must know of its pod.</summary>
/// <param name="Volumes">The good volumes, by name.</param>
/// <param name="Claims">The names of its resource claims.</param>
/// <param name="GracePeriod">Seconds; null when it is absent, which is told of elsewhere.</param>
/// <param name="RestartPolicy">Of the pod.</param>
/// <param name="HostUsers">Whether it shares the users of the host.</param>
internal sealed record PodContext(
    IReadOnlyDictionary<string, JsonObject> Volumes, IReadOnlySet<string> Claims, long? GracePeriod, string RestartPolicy, bool HostUsers);
