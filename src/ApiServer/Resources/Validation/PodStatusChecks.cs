using System.Text.Json.Nodes;

using MiniKube.Api.Addresses;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What the status of a pod may become (upstream's ValidatePodStatusUpdate).</summary>
internal static class PodStatusChecks
{
    private static readonly HashSet<string> SystemConditions = ["PodScheduled", "Ready", "Initialized"];

    public static void Validate(Field pod, JsonObject old)
    {
        PodAnnotationChecks.ValidateUpdate(pod["metadata"]["annotations"], old.ObjectAt("metadata", "annotations"));
        var status = pod["status"];
        foreach (var (index, condition) in status["conditions"].Items.Index())
        {
            if (!SystemConditions.Contains(condition["type"].Text))
            {
                // Upstream's path says metadata, and writes the field like its Go name.
                pod["metadata"]["conditions"][index]["Type"].With(condition["type"].Value ?? "").Name(Names.QualifiedName);
            }
        }

        if (status["nominatedNodeName"].Text != (old.StringAt("status", "nominatedNodeName") ?? ""))
        {
            status["nominatedNodeName"].OptionalName(Names.DnsSubdomain);
        }

        if (status["qosClass"].Text != (old.StringAt("status", "qosClass") ?? ""))
        {
            status["qosClass"].Invalid(Checks.Immutable);
        }

        var policy = old.StringAt("spec", "restartPolicy") ?? "";
        var sidecars = old.ObjectsAt("spec", "initContainers")
            .Where(container => container.StringAt("restartPolicy") == "Always")
            .Select(container => container.StringAt("name") ?? "")
            .ToHashSet();
        Transitions(status["containerStatuses"], old, policy, []);
        Transitions(status["initContainerStatuses"], old, policy, sidecars, "initContainerStatuses");
        Transitions(status["ephemeralContainerStatuses"], old, "Never", [], "ephemeralContainerStatuses");
        Claims(status["resourceClaimStatuses"], old);
        Addresses(status["podIPs"]);
        HostAddresses(status);
        foreach (var list in (ReadOnlySpan<string>)["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"])
        {
            foreach (var container in status[list].Items.Where(container => container["user"].IsSet))
            {
                User(container["linux"].With(container["user"]["linux"].Value), old.StringAt("spec", "os", "name") ?? "linux");
            }
        }
    }

    // Upstream's path of a user leaves out the user.
    private static void User(Field user, string os)
    {
        if (user.IsSet && os == "windows")
        {
            user.Forbidden("cannot be set for a windows pod");
        }
        else if (user.IsSet && os == "linux")
        {
            foreach (var id in user["supplementalGroups"].Items.Prepend(user["gid"]).Prepend(user["uid"]))
            {
                id.Id();
            }
        }
    }

    // What has ended and is not started again stays ended. Upstream's index is that of the old status.
    private static void Transitions(Field statuses, JsonObject old, string policy, HashSet<string> sidecars, string list = "containerStatuses")
    {
        if (policy == "Always")
        {
            return;
        }

        foreach (var (index, before) in old.ObjectsAt("status", list).Index())
        {
            var name = before.StringAt("name") ?? "";
            if (before.ObjectAt("state", "terminated") is not { } ended
                || (policy == "OnFailure" && ended.IntegerAt("exitCode") is not (null or 0)) || sidecars.Contains(name))
            {
                continue;
            }

            if (statuses.Items.Any(status => status["name"].Text == name && !status["state"]["terminated"].IsSet))
            {
                statuses[index]["state"].Forbidden("may not be transitioned to non-terminated state");
            }
        }
    }

    private static void Claims(Field statuses, JsonObject old)
    {
        var known = old.ObjectsAt("spec", "resourceClaims").Select(claim => claim.StringAt("name")).ToHashSet();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var status in statuses.Items)
        {
            if (!known.Contains(status["name"].Text))
            {
                status["name"].Invalid("must match the name of an entry in `spec.resourceClaims`");
            }

            if (!seen.Add(status["name"].Text))
            {
                status["name"].Duplicate(status["name"].Text);
            }

            // Upstream's path of this, too, is that of the entry's own name.
            if (status["resourceClaimName"].IsSet)
            {
                status["name"].With(status["resourceClaimName"].Value).Name(Names.DnsSubdomain);
            }
        }
    }

    private static void HostAddresses(Field status)
    {
        var hosts = status["hostIPs"];
        if (hosts.Count > 0 && hosts[0]["ip"].Text != status["hostIP"].Text)
        {
            hosts[0]["ip"].Invalid("must be equal to `hostIP`");
        }

        Addresses(hosts);
    }

    /// <summary>One of each family, at most.</summary>
    private static void Addresses(Field addresses)
    {
        foreach (var address in addresses.Items)
        {
            address.With(address["ip"].Value ?? "").Address();
        }

        if (addresses.Count < 2)
        {
            return;
        }

        var texts = addresses.Items.Select(address => address["ip"].Text).ToList();
        if (texts.Count > 2 || texts.Count(AddressText.IsIPv6) != 1)
        {
            addresses.Invalid("may specify no more than one IP for each IP family");
        }

        foreach (var address in addresses.Items.Where((address, index) => texts.IndexOf(address["ip"].Text) < index))
        {
            address.Duplicate(address.Value);
        }
    }
}
