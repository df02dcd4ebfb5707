using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Counts of pods in the status of a workload.</summary>
internal static class ReplicaStatusChecks
{
    /// <summary>No part is more than the whole: each of <paramref name="parts"/> is of status.replicas, and available ones are ready ones.</summary>
    public static void Parts(Field status, string readyName, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (status[part].Number > (status["replicas"].Number ?? 0))
            {
                status[part].Invalid("cannot be greater than status.replicas");
            }
        }

        if (status["availableReplicas"].Number > (status["readyReplicas"].Number ?? 0))
        {
            status["availableReplicas"].Invalid($"cannot be greater than {readyName}");
        }
    }

    /// <summary>How often a name collided is counted up only, or names would be used again.</summary>
    public static void CollisionCount(Field status, JsonObject old)
    {
        status["collisionCount"].NotNegative();
        if (old.IntegerAt("status", "collisionCount") is { } before && (status["collisionCount"].Number is not { } now || now < before))
        {
            status["collisionCount"].InvalidValue(status["collisionCount"].Number ?? 0, "cannot be decremented");
        }
    }
}
