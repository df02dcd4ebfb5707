using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Claims of devices: what they ask for, and what they were given. Selectors (CEL) are not compiled.</summary>
internal static class DeviceClaimChecks
{
    private const int ListLimit = 32;
    private const int AlternativeLimit = 8;
    private const int ConsumerLimit = 256;
    private const string OneKind = "exactly one of `exactly` or `firstAvailable` is required";

    public static void Spec(Field spec)
    {
        var devices = spec["devices"];
        var names = RequestNames(devices.Value);
        DeviceChecks.Set(devices["requests"], ListLimit, "name", Request);
        foreach (var constraint in DeviceChecks.Limited(devices["constraints"], ListLimit))
        {
            RequestReferences(constraint["requests"], names);
            var attribute = constraint["matchAttribute"];
            if (attribute.IsSet)
            {
                DeviceChecks.FullyQualified(attribute);
            }
            else if (!constraint["distinctAttribute"].IsSet)
            {
                attribute.Required();
            }
        }

        foreach (var config in DeviceChecks.Limited(devices["config"], ListLimit))
        {
            RequestReferences(config["requests"], names);
            DeviceChecks.Configuration(config);
        }
    }

    /// <summary>What a claim was given does not change while somebody holds it.</summary>
    public static void Status(Field claim, JsonNode? before)
    {
        var status = claim["status"];
        var (allocation, consumers) = (status["allocation"], status["reservedFor"]);
        if (allocation.IsSet)
        {
            Allocation(allocation, RequestNames(claim["spec"]["devices"].Value));
        }

        DeviceChecks.Set(consumers, ConsumerLimit, "uid", consumer =>
        {
            consumer["resource"].NotEmpty();
            consumer["name"].NotEmpty();
            consumer["uid"].NotEmpty();
        });
        if (consumers.Count > 0 && !allocation.IsSet)
        {
            consumers.Forbidden("may not be specified when `allocated` is not set");
        }
        else if (claim["metadata"]["deletionTimestamp"].IsSet && HasNew(consumers.Value, before?["reservedFor"]))
        {
            consumers.Forbidden("new entries may not be added while `deletionTimestamp` is set");
        }

        if (allocation.IsSet && before?["allocation"] is { } given)
        {
            allocation.Unchanged(given);
        }
    }

    private static bool HasNew(JsonNode? now, JsonNode? before)
    {
        var known = before.ObjectsAt().ToList();
        return now.ObjectsAt().Any(consumer => !known.Exists(old => JsonNode.DeepEquals(old, consumer)));
    }

    private static HashSet<string> RequestNames(JsonNode? devices)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var request in devices.ObjectsAt("requests"))
        {
            var name = request.StringAt("name") ?? "";
            names.Add(name);
            names.UnionWith(request.ObjectsAt("firstAvailable").Select(alternative => $"{name}/{alternative.StringAt("name")}"));
        }

        return names;
    }

    private static void Request(Field request)
    {
        request["name"].Name(Names.DnsLabel);
        var (exactly, alternatives) = (request["exactly"], request["firstAvailable"]);
        DeviceChecks.Set(alternatives, AlternativeLimit, "name", alternative =>
        {
            alternative["name"].Name(Names.DnsLabel);
            Wanted(alternative);
        });
        if (exactly.IsSet)
        {
            Wanted(exactly);
        }

        if (exactly.IsSet && alternatives.Count > 0)
        {
            request.InvalidValue("null", OneKind + ", but multiple fields are set");
        }
        else if (!exactly.IsSet && alternatives.Count == 0)
        {
            request.Required(OneKind);
        }
    }

    private static void Wanted(Field wanted)
    {
        wanted["deviceClassName"].RequiredName(Names.DnsSubdomain);
        DeviceChecks.Selectors(wanted["selectors"]);
        var (mode, count) = (wanted["allocationMode"], wanted["count"]);
        switch (mode.Text)
        {
            case "All" when count.Number is not (null or 0):
                count.Invalid("a non-zero count is not valid for allocationMode=All");
                break;
            case "All":
                break;
            case "ExactCount" when count.Number is null or <= 0:
                count.InvalidValue(count.Number ?? 0, "must be greater than zero");
                break;
            case "ExactCount":
                break;
            default:
                mode.NotSupported("All", "ExactCount");
                break;
        }

        TolerationOperators(wanted["tolerations"]);
    }

    private static void TolerationOperators(Field tolerations)
    {
        foreach (var toleration in DeviceChecks.Limited(tolerations, DeviceChecks.TolerationLimit))
        {
            toleration["key"].OptionalName(Names.QualifiedName);
            toleration["operator"].OneOf("Equal", "Exists");
            if (toleration["effect"].Text.Length > 0)
            {
                toleration["effect"].Known("NoExecute", "NoSchedule");
            }
        }
    }

    private static void RequestReferences(Field requests, HashSet<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var request in DeviceChecks.Limited(requests, ListLimit))
        {
            if (!names.Contains(request.Text))
            {
                request.Invalid("must be the name of a request in the claim");
            }

            if (!seen.Add(request.Text))
            {
                request.Duplicate(request.Text);
            }
        }
    }

    private static void Allocation(Field allocation, HashSet<string> names)
    {
        foreach (var result in DeviceChecks.Limited(allocation["devices"]["results"], ListLimit))
        {
            if (!names.Contains(result["request"].Text))
            {
                result["request"].Invalid("must be the name of a request in the claim");
            }

            StorageChecks.DriverName(result["driver"]);
            DeviceChecks.PoolName(result["pool"]);
            result["device"].Name(Names.DnsLabel);
        }

        foreach (var config in DeviceChecks.Limited(allocation["devices"]["config"], 2 * ListLimit))
        {
            config["source"].OneOf("FromClaim", "FromClass");
            RequestReferences(config["requests"], names);
            DeviceChecks.Configuration(config);
        }

        if (allocation["nodeSelector"].IsSet)
        {
            AffinityChecks.NodeSelector(allocation["nodeSelector"]);
        }
    }
}
