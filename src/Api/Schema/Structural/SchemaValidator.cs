using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;

namespace MiniKube.Api.Schema.Structural;

/// <summary>
/// Checks a value against a schema, with the messages of upstream's validator (kube-openapi). What an update leaves as it was is not judged again, so that
/// a schema may become stricter (upstream's ratcheting).
/// </summary>
public sealed class SchemaValidator
{
    // Upstream prints this where a fault has no field: of oneOf and its like.
    private const string NoField = "<nil>";

    private readonly List<FieldError> _errors = [];

    // How much of the value was looked at: of alternatives that all fail, the errors of the one that went furthest are told.
    private int _matches;

    private SchemaValidator()
    {
    }

    /// <param name="value">The object.</param>
    /// <param name="old">What it was before; null for a new one.</param>
    /// <param name="schema">Of the object.</param>
    public static IReadOnlyList<FieldError> Validate(JsonObject value, JsonObject? old, StructuralSchema schema) =>
        Validate(value, old, schema, "");

    /// <summary>The same for a part of an object.</summary>
    public static IReadOnlyList<FieldError> Validate(JsonNode? value, JsonNode? old, StructuralSchema schema, string path) =>
        Run(value, old, schema, path)._errors;

    private static SchemaValidator Run(JsonNode? value, JsonNode? old, StructuralSchema schema, string path)
    {
        var validator = new SchemaValidator();
        validator.Visit(value, old, schema, path);
        return validator;
    }

    private void Visit(JsonNode? value, JsonNode? old, StructuralSchema schema, string path)
    {
        if (old is not null && JsonNode.DeepEquals(value, old))
        {
            return;
        }

        _matches++;
        if (value is null)
        {
            VisitNull(schema, path);
            return;
        }

        var kind = value.GetValueKind();
        CheckType(value, kind, schema, path);
        if (schema.Rules is { } rules)
        {
            CheckJunctors(value, old, rules, path);
            CheckScalar(value, kind, schema, rules, path);
            CheckEnum(value, rules, path);
        }

        switch (value)
        {
            case JsonArray array:
                VisitArray(array, old as JsonArray, schema, path);
                break;
            case JsonObject obj:
                VisitObject(obj, old as JsonObject, schema, path);
                break;
        }
    }

    private void VisitNull(StructuralSchema schema, string path)
    {
        if (schema.IsNullable)
        {
            return;
        }

        if (TypeName(schema) is { Length: > 0 } type)
        {
            TypeInvalid(path, type, "null");
        }

        if (schema.Rules is { } rules)
        {
            CheckEnum(null, rules, path);
        }
    }

    private void CheckType(JsonNode value, JsonValueKind kind, StructuralSchema schema, string path)
    {
        var wanted = TypeName(schema);
        if (wanted.Length == 0)
        {
            return;
        }

        var (given, format) = TypeOf(value, kind);
        var fits = wanted == given || (wanted == "number" && given == "integer")
            || (schema.IsIntOrString && given is ("integer" or "string"))
            || (wanted == "integer" && given == "number" && double.IsInteger(SchemaRules.Number(value) ?? double.NaN));
        if (fits)
        {
            return;
        }

        // Of a value that is no text, upstream speaks of the format that was wanted.
        if (schema.Rules is { Format.Length: > 0 } rules && given is not ("string" or "array") && format != rules.Format)
        {
            TypeInvalid(path, rules.Format, format);
        }
        else
        {
            TypeInvalid(path, wanted, given);
        }
    }

    private static string TypeName(StructuralSchema schema) => schema.IsIntOrString ? "integer,string" : schema.Type;

    private static (string Type, string Format) TypeOf(JsonNode value, JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => ("object", ""),
        JsonValueKind.Array => ("array", ""),
        JsonValueKind.String => ("string", ""),
        JsonValueKind.Number => SchemaNumbers.IsInteger(value) ? ("integer", "int64") : ("number", "double"),
        _ => ("boolean", ""),
    };

    private void TypeInvalid(string path, string wanted, string given) =>
        _errors.Add(FieldError.TypeInvalid(Field(path), given, $"{path} in body must be of type {wanted}: {GoText.Quote(given)}"));

    private void CheckScalar(JsonNode value, JsonValueKind kind, StructuralSchema schema, SchemaRules rules, string path)
    {
        switch (kind)
        {
            case JsonValueKind.String:
                CheckText(value.GetValue<string>(), rules, path);
                break;
            case JsonValueKind.Number:
                _errors.AddRange(SchemaNumbers.Check(value, schema, rules, path, Field(path)));
                break;
        }
    }

    private void CheckText(string text, SchemaRules rules, string path)
    {
        var length = text.EnumerateRunes().Count();
        if (length > rules.MaxLength)
        {
            _errors.Add(FieldError.TooLong(Field(path), (int)rules.MaxLength.Value));
        }

        if (length < rules.MinLength)
        {
            Invalid(path, text, $"should be at least {rules.MinLength} chars long");
        }

        if (rules.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            Invalid(path, text, $"should match '{pattern.Text}'");
        }

        if (rules.Format.Length > 0 && !StringFormats.IsValid(rules.Format, text))
        {
            _errors.Add(FieldError.TypeInvalid(Field(path), text, $"{path} in body must be of type {rules.Format}: {GoText.Quote(text)}"));
        }
    }

    private void CheckEnum(JsonNode? value, SchemaRules rules, string path)
    {
        if (rules.Enum.Count == 0 || rules.Enum.Any(allowed => SchemaNumbers.AreEqual(allowed, value)))
        {
            return;
        }

        var allowed = rules.Enum.Select(item => GoText.Quote(item is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : GoText.Value(item)));
        _errors.Add(new FieldError(
            "FieldValueNotSupported", Field(path), $"Unsupported value: {GoText.Value(value)}: supported values: {string.Join(", ", allowed)}"));
    }

    private void VisitArray(JsonArray array, JsonArray? old, StructuralSchema schema, string path)
    {
        if (schema.Items is { } items)
        {
            var before = schema.ListType == ListType.Map && old is not null ? ListKeys.Index(old, schema) : null;
            for (var i = 0; i < array.Count; i++)
            {
                var oldItem = before is not null && ListKeys.Of(array[i], schema) is { } key ? before.GetValueOrDefault(key) : null;
                Visit(array[i], oldItem, items, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
            }
        }

        if (schema.Rules is not { } rules)
        {
            return;
        }

        if (array.Count < rules.MinItems)
        {
            Invalid(path, array.Count, $"should have at least {rules.MinItems} items");
        }

        if (array.Count > rules.MaxItems)
        {
            _errors.Add(FieldError.TooMany(Field(path), array.Count, (int)rules.MaxItems.Value));
        }

        if (rules.UniqueItems && ListKeys.HasDuplicates(array))
        {
            Invalid(path, "", "shouldn't contain duplicates");
        }
    }

    private void VisitObject(JsonObject obj, JsonObject? old, StructuralSchema schema, string path)
    {
        if (schema.Rules is { } rules)
        {
            // Upstream looks no further into an object with too few or too many fields.
            if (obj.Count < rules.MinProperties)
            {
                Invalid(path, obj.Count, $"should have at least {rules.MinProperties} properties");
                return;
            }

            if (obj.Count > rules.MaxProperties)
            {
                _errors.Add(FieldError.TooMany(Field(path), obj.Count, (int)rules.MaxProperties.Value));
                return;
            }
        }

        foreach (var (name, value) in obj)
        {
            if (schema.Find(name) is { } child)
            {
                Visit(value, old?[name], child, Join(path, name));
            }
            else if (schema.AllowsAdditional == false)
            {
                _errors.Add(FieldError.Invalid(Field(path), "", $"{path}.{name} in body is a forbidden property"));
            }
        }

        foreach (var name in schema.Rules?.Required ?? [])
        {
            if (!obj.ContainsKey(name))
            {
                _errors.Add(FieldError.Required(Join(path, name)));
            }
        }
    }

    private void CheckJunctors(JsonNode value, JsonNode? old, SchemaRules rules, string path)
    {
        CheckAnyOf(value, old, rules.AnyOf, path);
        CheckOneOf(value, old, rules.OneOf, path);
        CheckAllOf(value, old, rules.AllOf, path);
        if (rules.Not is { } not && Run(value, null, not, path)._errors.Count == 0)
        {
            Composite(path, "must not validate the schema (not)");
        }
    }

    private void CheckAnyOf(JsonNode value, JsonNode? old, IReadOnlyList<StructuralSchema> schemas, string path)
    {
        if (schemas.Count > 0 && Try(value, old, schemas, path, stopAtFirst: true) is { Count: 0 } tried)
        {
            Composite(path, "must validate at least one schema (anyOf)");
            Merge(tried.Best);
        }
    }

    private void CheckOneOf(JsonNode value, JsonNode? old, IReadOnlyList<StructuralSchema> schemas, string path)
    {
        if (schemas.Count == 0 || Try(value, old, schemas, path, stopAtFirst: false) is not { Count: not 1 } tried)
        {
            return;
        }

        var found = tried.Count == 0 ? "Found none valid" : $"Found {tried.Count} valid alternatives";
        Composite(path, $"must validate one and only one schema (oneOf). {found}");
        if (tried.Count == 0)
        {
            Merge(tried.Best);
        }
    }

    private void CheckAllOf(JsonNode value, JsonNode? old, IReadOnlyList<StructuralSchema> schemas, string path)
    {
        var valid = 0;
        foreach (var schema in schemas)
        {
            var result = Run(value, old, schema, path);
            valid += result._errors.Count == 0 ? 1 : 0;
            Merge(result);
        }

        if (valid < schemas.Count)
        {
            Composite(path, $"must validate all the schemas (allOf){(valid == 0 ? ". None validated" : "")}");
        }
    }

    private static (int Count, SchemaValidator? Best) Try(
        JsonNode value, JsonNode? old, IReadOnlyList<StructuralSchema> schemas, string path, bool stopAtFirst)
    {
        var count = 0;
        SchemaValidator? best = null;
        foreach (var schema in schemas)
        {
            var result = Run(value, old, schema, path);
            if (result._errors.Count == 0)
            {
                count++;
                if (stopAtFirst)
                {
                    break;
                }
            }
            else if (best is null || result._matches > best._matches)
            {
                best = result;
            }
        }

        return (count, best);
    }

    private void Merge(SchemaValidator? result)
    {
        _errors.AddRange(result?._errors ?? []);
        _matches += result?._matches ?? 0;
    }

    private void Composite(string path, string message) =>
        _errors.Add(FieldError.Invalid(NoField, "", $"{GoText.Quote(path)} {message}"));

    private void Invalid(string path, object value, string message) =>
        _errors.Add(FieldError.Invalid(Field(path), value, $"{path} in body {message}"));

    private static string Field(string path) => path.Length == 0 ? NoField : path;

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
