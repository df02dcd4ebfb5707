using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Devices, their classes and the slices that drivers publish.</summary>
internal static partial class DeviceChecks
{
    public const int TolerationLimit = 16;

    private const int ListLimit = 32;
    private const int DeviceLimit = 128;
    private const int PoolNameLimit = 253;
    private const int ValueLimit = 64;
    private const string OneNode = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";

    private static readonly string[] NodeFields = ["nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection"];
    private static readonly string[] ValueFields = ["bool", "int", "string", "version"];

    public static void Class(Field spec)
    {
        Selectors(spec["selectors"]);
        foreach (var config in Limited(spec["config"], ListLimit))
        {
            Configuration(config);
        }
    }

    public static void Slice(Field spec)
    {
        StorageChecks.DriverName(spec["driver"]);
        PoolName(spec["pool"]["name"]);
        if (spec["pool"]["resourceSliceCount"] is { Number: null or <= 0 } count)
        {
            count.InvalidValue(count.Number ?? 0, "must be greater than zero");
        }

        if (spec["pool"]["generation"].Number < 0)
        {
            spec["pool"]["generation"].Invalid("must be greater than or equal to zero");
        }

        Node(spec);
        Set(spec["devices"], DeviceLimit, "name", Device);
    }

    /// <summary>A slice stays of its driver, pool and node.</summary>
    public static void SliceChanged(Field spec, JsonNode? before)
    {
        spec["pool"]["name"].Unchanged(before.At("pool", "name"));
        spec["driver"].Unchanged(before?["driver"]);
        spec["nodeName"].Unchanged(before?["nodeName"]);
    }

    public static void Selectors(Field selectors)
    {
        foreach (var selector in Limited(selectors, ListLimit))
        {
            if (!selector["cel"].IsSet)
            {
                selector["cel"].Required();
            }
        }
    }

    /// <summary>Parameters of a driver, which only that reads.</summary>
    public static void Configuration(Field config)
    {
        var opaque = config["opaque"];
        if (!opaque.IsSet)
        {
            opaque.Required();
            return;
        }

        StorageChecks.DriverName(opaque["driver"]);
        if (!opaque["parameters"].IsSet)
        {
            opaque["parameters"].Required();
        }
        else if (opaque["parameters"].Value is not JsonObject)
        {
            opaque["parameters"].InvalidValue("<value omitted>", "parameters must be a valid JSON object");
        }
    }

    public static void PoolName(Field pool)
    {
        if (!pool.NotEmpty())
        {
            return;
        }

        if (pool.Text.Length > PoolNameLimit)
        {
            pool.TooLong(PoolNameLimit);
        }

        foreach (var fault in pool.Text.Split('/').SelectMany(Names.DnsSubdomain))
        {
            pool.Invalid(fault);
        }
    }

    /// <summary>A name with its domain.</summary>
    public static void FullyQualified(Field name)
    {
        Qualified(name, name.Text);
        if (!name.Text.Contains('/', StringComparison.Ordinal))
        {
            name.Invalid("must include a domain");
        }
    }

    /// <summary>The items of a list, which may be only so long.</summary>
    public static IEnumerable<Field> Limited(Field list, int limit)
    {
        if (list.Count > limit)
        {
            list.TooMany(limit);
        }

        return list.Items;
    }

    /// <summary>A list whose items differ in one field.</summary>
    public static void Set(Field list, int limit, string key, Action<Field> rule)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in Limited(list, limit))
        {
            rule(item);
            if (!seen.Add(item[key].Text))
            {
                item[key].Duplicate(item[key].Text);
            }
        }
    }

    private static void Node(Field spec)
    {
        spec["nodeName"].OptionalName(Names.DnsSubdomain);
        if (spec["nodeSelector"].IsSet)
        {
            AffinityChecks.NodeSelector(spec["nodeSelector"]);
        }

        switch (NodeFields.Count(field => spec[field].IsTrue || spec[field].Text.Length > 0 || spec[field].Value is JsonObject))
        {
            case 0:
                spec.Required(OneNode);
                break;
            case 1:
                break;
            default:
                spec.InvalidValue(
                    $"{{{string.Join(", ", NodeFields.Where(field => spec[field].IsSet).Select(field => $"`{field}`"))}}}", OneNode + ", but multiple fields are set");
                break;
        }
    }

    private static void Device(Field device)
    {
        device["name"].Name(Names.DnsLabel);
        foreach (var (name, attribute) in device["attributes"].Entries)
        {
            Qualified(attribute, name);
            Attribute(attribute);
        }

        foreach (var (name, capacity) in device["capacity"].Entries)
        {
            Qualified(capacity, name);
        }

        if (device["attributes"].Count + device["capacity"].Count is var total and > ListLimit)
        {
            device.InvalidValue(total, $"the total number of attributes and capacities must not exceed {ListLimit}");
        }
    }

    private static void Attribute(Field attribute)
    {
        foreach (var name in (string[])["string", "version"])
        {
            if (attribute[name].Text.Length > ValueLimit)
            {
                attribute[name].TooLong(ValueLimit);
            }
        }

        if (attribute["version"].IsSet && !Version().IsMatch(attribute["version"].Text))
        {
            attribute["version"].Invalid("must be a string compatible with semver.org spec 2.0.0");
        }

        switch (ValueFields.Count(field => attribute[field].IsSet))
        {
            case 0:
                attribute.Required("exactly one value must be specified");
                break;
            case 1:
                break;
            default:
                attribute.Invalid("exactly one value must be specified");
                break;
        }
    }

    private static void Qualified(Field field, string name)
    {
        var parts = name.Split('/', 2);
        if (parts is [var domain, var rest])
        {
            foreach (var fault in Names.DnsSubdomain(domain))
            {
                field.InvalidValue(domain, fault);
            }

            Identifier(field, rest);
        }
        else
        {
            Identifier(field, name);
        }
    }

    private static void Identifier(Field field, string name)
    {
        const string Pattern = "[A-Za-z_][A-Za-z0-9_]*";
        if (!CIdentifier().IsMatch(name))
        {
            field.InvalidValue(name, Names.Rule(
                "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'", Pattern, "my_name", "MY_NAME", "MyName"));
        }
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex CIdentifier();

    [GeneratedRegex(@"\A(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Version();
}
