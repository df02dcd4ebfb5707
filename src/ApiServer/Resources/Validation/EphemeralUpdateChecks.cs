using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Containers that join a pod: once there, they neither change nor go (upstream's ValidatePodEphemeralContainersUpdate).</summary>
internal static class EphemeralUpdateChecks
{
    public static void Validate(Field pod, JsonObject old)
    {
        if (old.At("metadata", "annotations", PodAnnotationChecks.Mirror) is not null)
        {
            pod.Forbidden("static pods do not support ephemeral containers");
            return;
        }

        PodChecks.Validate(pod);
        var containers = pod["spec"]["ephemeralContainers"];
        foreach (var before in old.ObjectsAt("spec", "ephemeralContainers"))
        {
            var name = before.StringAt("name") ?? "";
            if (containers.Items.FirstOrDefault(container => container["name"].Text == name) is not { } same)
            {
                containers.Forbidden($"existing ephemeral containers {GoText.Quote(name)} may not be removed\n");
            }
            else if (!JsonNode.DeepEquals(same.Value, before))
            {
                containers.Forbidden($"existing ephemeral containers {GoText.Quote(name)} may not be changed\n{SpecDiff.Of("core.EphemeralContainer", before, same.Value)}");
            }
        }
    }
}
