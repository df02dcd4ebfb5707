using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What the kinds of storage.k8s.io have in common, and those of their rules that are more than a line.</summary>
internal static class StorageChecks
{
    private const int ParameterLimit = 512;
    private const int ParameterBytes = 256 * 1024;
    private const int NodeIdLimit = 192;
    private const int ErrorBytes = 1024;
    private const int LongestDriverName = 63;
    private const int ShortestToken = 600;
    private const long LongestToken = 1L << 32;

    /// <summary>The name of a provisioner or driver.</summary>
    public static void Provisioner(Field provisioner)
    {
        if (provisioner.NotEmpty())
        {
            foreach (var fault in Names.QualifiedName(provisioner.Text.ToLowerInvariant()))
            {
                provisioner.InvalidValue(provisioner.Text.ToLowerInvariant(), fault);
            }
        }
    }

    public static void Parameters(Field parameters, bool allowEmpty)
    {
        if (parameters.Count > ParameterLimit)
        {
            parameters.TooLong(ParameterLimit);
            return;
        }

        if (parameters.Value is JsonObject map && map.ContainsKey(""))
        {
            parameters.InvalidValue("", "field can not be empty.");
        }

        if (SizeOf(parameters.Value) > ParameterBytes)
        {
            parameters.TooLong(ParameterBytes);
        }

        if (!allowEmpty && parameters.Count == 0)
        {
            parameters.Required("must contain at least one key/value pair");
        }
    }

    /// <summary>The topologies in which a class provisions; no two terms may say the same.</summary>
    public static void Topologies(Field topologies)
    {
        var seen = new List<JsonNode?>();
        foreach (var term in topologies.Items)
        {
            var expressions = term["matchLabelExpressions"];
            Term(expressions);
            if (seen.Exists(other => JsonNode.DeepEquals(other, expressions.Value)))
            {
                expressions.Duplicate("");
            }

            seen.Add(expressions.Value);
        }
    }

    /// <summary>A domain name of at most 63 characters.</summary>
    public static void DriverName(Field name)
    {
        name.NotEmpty();
        if (name.Text.Length > LongestDriverName)
        {
            name.TooLong(LongestDriverName);
        }

        foreach (var fault in Names.DnsSubdomain(name.Text.ToLowerInvariant()))
        {
            name.Invalid(fault);
        }
    }

    public static void Driver(Field spec)
    {
        spec["fsGroupPolicy"].OptionalOneOf("File", "None", "ReadWriteOnceWithFSType");
        var audiences = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in spec["tokenRequests"].Items)
        {
            TokenRequest(token, audiences);
        }

        foreach (var mode in spec["volumeLifecycleModes"].Items.Where(mode => mode.Text is not ("Persistent" or "Ephemeral")))
        {
            spec["volumeLifecycleModes"].With(mode.Value).NotSupported("Persistent", "Ephemeral");
        }

        if (spec["nodeAllocatableUpdatePeriodSeconds"].Number < 10)
        {
            spec["nodeAllocatableUpdatePeriodSeconds"].Invalid("must be greater than or equal to 10 seconds");
        }
    }

    public static void NodeDrivers(Field drivers)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var driver in drivers.Items)
        {
            DriverName(driver["name"]);
            driver["nodeID"].NotEmpty();
            if (driver["nodeID"].Text.Length > NodeIdLimit)
            {
                driver["nodeID"].Invalid($"must be {NodeIdLimit} characters or less");
            }

            driver["allocatable"]["count"].NotNegative();
            if (!names.Add(driver["name"].Text))
            {
                driver["name"].Duplicate(driver["name"].Text);
            }

            TopologyKeys(driver);
        }
    }

    /// <summary>Drivers come and go, but one that stays is the same, but for how many volumes it can bear.</summary>
    public static void NodeDriversChanged(Field drivers, JsonNode? before)
    {
        foreach (var old in before.ObjectsAt())
        {
            foreach (var driver in drivers.Items.Where(driver => driver["name"].Text == old.StringAt("name")))
            {
                drivers.With(WithoutAllocatable(driver.Value)).Unchanged(WithoutAllocatable(old));
            }
        }
    }

    public static void NotNegativeAmount(Field amount)
    {
        if (Quantity.TryParse(FieldPath.Text(amount.Value), out var quantity) && quantity.IsNegative)
        {
            amount.InvalidValue(quantity.ToString(), "must be greater than or equal to 0");
        }
    }

    /// <summary>How much a volume holds (upstream's validateBasicResource, which shows whole bytes).</summary>
    public static void Size(Field amount)
    {
        if (Quantity.TryParse(FieldPath.Text(amount.Value), out var quantity) && quantity.IsNegative)
        {
            amount.InvalidValue((long)quantity.Value, "must be a valid resource quantity");
        }
    }

    public static void Attachment(Field spec)
    {
        spec["attacher"].NotEmpty();
        var source = spec["source"];
        var (inline, name) = (source["inlineVolumeSpec"], source["persistentVolumeName"]);
        if (!inline.IsSet && !name.IsSet)
        {
            source.Required("must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        }
        else if (inline.IsSet && name.IsSet)
        {
            source.Forbidden("must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        }
        else if (name.IsSet)
        {
            name.NotEmpty("must specify non empty persistentVolumeName");
        }
        else
        {
            PersistentVolumeChecks.Inline(inline);
        }

        spec["nodeName"].Name(Names.DnsSubdomain);
    }

    public static void AttachmentStatus(Field status)
    {
        if (SizeOf(status["attachmentMetadata"].Value) > ParameterBytes)
        {
            status["attachmentMetadata"].TooLong(ParameterBytes);
        }

        foreach (var error in new[] { status["attachError"], status["detachError"] })
        {
            // The limit in the message is upstream's, which names another one than it checks.
            if (Encoding.UTF8.GetByteCount(error["message"].Text) > ErrorBytes)
            {
                error["message"].TooLong(ParameterBytes);
            }

            if (error["errorCode"].Number < 0)
            {
                error["errorCode"].Invalid($"must be between 0 and {int.MaxValue}, inclusive");
            }
        }
    }

    private static void Term(Field expressions)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var expression in expressions.Items)
        {
            expression["values"].NotEmpty();
            var values = new HashSet<string>(StringComparer.Ordinal);
            foreach (var value in expression["values"].Items.Where(value => !values.Add(value.Text)))
            {
                value.Duplicate(value.Text);
            }

            expression["key"].Name(Names.QualifiedName);
            if (!keys.Add(expression["key"].Text))
            {
                expression["key"].Duplicate(expression["key"].Text);
            }
        }
    }

    private static void TokenRequest(Field token, HashSet<string> audiences)
    {
        if (!audiences.Add(token["audience"].Text))
        {
            token["audience"].Duplicate(token["audience"].Text);
            return;
        }

        var seconds = token["expirationSeconds"];
        if (seconds.Number < ShortestToken)
        {
            seconds.Invalid("may not specify a duration less than 10 minutes");
        }

        if (seconds.Number > LongestToken)
        {
            seconds.Invalid("may not specify a duration larger than 2^32 seconds");
        }
    }

    private static void TopologyKeys(Field driver)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in driver["topologyKeys"].Items)
        {
            if (key.Text.Length == 0)
            {
                driver.Required();
            }

            if (!keys.Add(key.Text))
            {
                driver.Duplicate(key.Text);
            }

            driver.With(key.Value).Name(Names.QualifiedName);
        }
    }

    private static JsonObject? WithoutAllocatable(JsonNode? driver)
    {
        var copy = driver?.DeepClone() as JsonObject;
        copy?.Remove("allocatable");
        return copy;
    }

    private static long SizeOf(JsonNode? map) =>
        (map as JsonObject ?? []).Sum(entry => (long)Encoding.UTF8.GetByteCount(entry.Key) + Encoding.UTF8.GetByteCount(FieldPath.Text(entry.Value)));
}
