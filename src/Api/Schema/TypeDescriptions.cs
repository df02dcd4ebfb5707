using System.IO.Compression;
using System.Text;

namespace MiniKube.Api.Schema;

/// <summary>
/// What types and fields are for, in upstream's words, from the documentation of the KubernetesClient package (packed by eng/PackDescriptions.targets).
/// A megabyte of text: load it, use it, let it go.
/// </summary>
public sealed class TypeDescriptions
{
    private readonly Dictionary<string, string> _texts;

    private TypeDescriptions(Dictionary<string, string> texts) => _texts = texts;

    public static TypeDescriptions Load()
    {
        using var stream = typeof(TypeDescriptions).Assembly.GetManifestResourceStream("descriptions.gz")
            ?? throw new InvalidOperationException("The descriptions are not embedded.");
        using var reader = new StreamReader(new GZipStream(stream, CompressionMode.Decompress), Encoding.UTF8);
        var texts = new Dictionary<string, string>(5000, StringComparer.OrdinalIgnoreCase);
        while (reader.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            texts[line[..tab]] = line[(tab + 1)..];
        }

        return new TypeDescriptions(texts);
    }

    /// <summary>What a type is; null where nothing is said.</summary>
    public string? Of(ObjectType type) => ModelNames(type).Select(Find).FirstOrDefault(text => text is not null);

    /// <summary>What a field is for; null where nothing is said.</summary>
    public string? Of(ObjectType type, FieldType field)
    {
        var owner = OwnerOf(type, field);
        var property = field.Name.Replace("-", "", StringComparison.Ordinal).TrimStart('$');
        return ModelNames(type).Concat(owner is null ? [] : ModelNames(owner))
            .SelectMany(model => new[] { $"{model}.{property}", $"{model}.{property}Property" })
            .Select(Find)
            .FirstOrDefault(text => text is not null);
    }

    private static ObjectType? OwnerOf(ObjectType type, FieldType field) =>
        type.Declared.Where(declared => declared.IsInline).Select(declared => declared.Type.Object)
            .FirstOrDefault(inlined => inlined?.Fields.ContainsKey(field.Name) == true);

    // The package puts a type's version before its name, and the group as well where two groups have a type of that name.
    private static IEnumerable<string> ModelNames(ObjectType type)
    {
        var slash = type.Package.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? [] : [type.Package.Remove(slash, 1) + type.Name, type.Package[(slash + 1)..] + type.Name];
    }

    private string? Find(string name) => _texts.TryGetValue(name, out var text)
        ? text.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal)
        : null;
}
