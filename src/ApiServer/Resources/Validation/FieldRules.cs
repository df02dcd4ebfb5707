using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Rules that fields of many kinds share, with upstream's words. Defaults have been applied before.</summary>
internal static class FieldRules
{
    private const int AnnotationsLimit = 256 * 1024;

    /// <summary>A text or list that must not be empty.</summary>
    public static bool NotEmpty(this Field field, string detail = "")
    {
        if (field.Text.Length > 0 || field.Count > 0)
        {
            return true;
        }

        field.Required(detail);
        return false;
    }

    public static void Name(this Field field, Func<string, IEnumerable<string>> rule)
    {
        foreach (var fault in rule(field.Text))
        {
            field.Invalid(fault);
        }
    }

    public static void RequiredName(this Field field, Func<string, IEnumerable<string>> rule)
    {
        if (field.NotEmpty())
        {
            field.Name(rule);
        }
    }

    public static void OptionalName(this Field field, Func<string, IEnumerable<string>> rule)
    {
        if (field.Text.Length > 0)
        {
            field.Name(rule);
        }
    }

    /// <summary>One of a few words; an absent one is said to be required.</summary>
    public static void OneOf(this Field field, params ReadOnlySpan<string> supported)
    {
        if (field.NotEmpty() && !supported.Contains(field.Text))
        {
            field.NotSupported(supported.ToArray());
        }
    }

    /// <summary>One of a few words, where upstream treats an empty one as any other wrong one.</summary>
    public static void Known(this Field field, params ReadOnlySpan<string> supported)
    {
        if (!supported.Contains(field.Text))
        {
            field.NotSupported(supported.ToArray());
        }
    }

    public static void OptionalOneOf(this Field field, params ReadOnlySpan<string> supported)
    {
        if (field.IsSet)
        {
            field.Known(supported);
        }
    }

    public static void NotNegative(this Field field)
    {
        if (field.Number < 0)
        {
            field.Invalid("must be greater than or equal to 0");
        }
    }

    public static void NotNegative(this Field field, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            field[name].NotNegative();
        }
    }

    public static void Between(this Field field, long least, long most)
    {
        if (field.Number is { } number && (number < least || number > most))
        {
            field.Invalid($"must be between {least} and {most}, inclusive");
        }
    }

    /// <summary>A port; an absent one is zero.</summary>
    public static void Port(this Field field) => field.With(field.Value ?? 0).Between(1, 65535);

    public static void PortNumberOrName(this Field field)
    {
        if (field.Value.StringAt() is { } name)
        {
            field.Add(Names.PortName(name).Select(fault => FieldError.Invalid(field.Path, name, fault)));
        }
        else
        {
            field.Port();
        }
    }

    /// <summary>A user or group.</summary>
    public static void Id(this Field field) => field.Between(0, int.MaxValue);

    public static void Address(this Field field) => field.Add(AddressChecks.Address(field.Path, field.Text));

    public static void Labels(this Field field)
    {
        if (field.Count > 0)
        {
            field.Add(Checks.Labels(field.Path, field.Value));
        }
    }

    public static void Annotations(this Field field)
    {
        var size = 0;
        foreach (var (name, value) in field.Value as JsonObject ?? [])
        {
            foreach (var fault in Names.QualifiedName(name.ToLowerInvariant()))
            {
                field.InvalidValue(name, fault);
            }

            size += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(FieldPath.Text(value));
        }

        if (size > AnnotationsLimit)
        {
            field.TooLong(AnnotationsLimit);
        }
    }

    public static void LabelSelector(this Field field)
    {
        if (field.IsSet)
        {
            field.Add(LabelSelectorChecks.Validate(field.Path, field.Value));
        }
    }

    /// <summary>A relative path that leaves nothing.</summary>
    public static void DescendingPath(this Field field)
    {
        if (field.Text.StartsWith('/'))
        {
            field.Invalid("must be a relative path");
        }

        field.NoBacksteps();
    }

    public static void NoBacksteps(this Field field)
    {
        if (field.Text.Contains("..", StringComparison.Ordinal) && field.Text.Split('/').Contains(".."))
        {
            field.Invalid("must not contain '..'");
        }
    }

    /// <summary>A descending path whose first name is not kept for the kubelet's own use.</summary>
    public static void LocalPath(this Field field)
    {
        field.DescendingPath();
        if (field.Text.StartsWith("..", StringComparison.Ordinal) && !field.Text.StartsWith("../", StringComparison.Ordinal))
        {
            field.Invalid("must not start with '..'");
        }
    }

    public static void FileMode(this Field field)
    {
        if (field.Number is < 0 or > 511)
        {
            field.Invalid("must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    /// <summary>A field that stays what it was.</summary>
    public static void Unchanged(this Field field, JsonNode? before)
    {
        if (!JsonNode.DeepEquals(field.Value, before))
        {
            field.InvalidValue(field.Value, Checks.Immutable);
        }
    }

    /// <summary>Says of each field that differs from what it was that it may not.</summary>
    public static void ForbidChanges(this Field obj, JsonNode before, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!JsonNode.DeepEquals(obj[name].Value, before[name]))
            {
                obj[name].Forbidden($"updates to {name} are forbidden.");
            }
        }
    }

    /// <summary>Says a fault of each field that is set.</summary>
    public static void ForbidAll(this Field field, string detail, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (field[name].IsSet)
            {
                field[name].Forbidden(detail);
            }
        }
    }
}
