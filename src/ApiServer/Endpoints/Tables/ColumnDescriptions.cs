using System.Runtime.CompilerServices;

using MiniKube.Api.Schema;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Tables;

/// <summary>
/// The help texts of columns. Those that upstream takes from a field's documentation are looked up there when a kind's first Table is made; the
/// documentation itself (a megabyte) is let go when no Table needs it any more.
/// </summary>
internal sealed class ColumnDescriptions
{
    private readonly ConditionalWeakTable<ResourceStrategy, IReadOnlyList<string>> _texts = [];
    private readonly WeakReference<TypeDescriptions?> _documentation = new(null);

    /// <summary>One text a column, in their order.</summary>
    public IReadOnlyList<string> Of(ResourceStrategy strategy) => _texts.GetValue(strategy, Read);

    private IReadOnlyList<string> Read(ResourceStrategy strategy)
    {
        var type = TypeGraph.BuiltIn.Find(strategy.StoredKind) ?? strategy.Type;
        return [.. strategy.Columns.Select(column => column.Description.Length > 0 || column.DescribedBy is not { } path ? column.Description : Describe(type, path))];
    }

    private string Describe(ObjectType? type, string path)
    {
        FieldType? field = null;
        var owner = type;
        foreach (var name in path.Split('.'))
        {
            owner = field is null ? type : field.Type.Object ?? field.Type.Element?.Object;
            if (owner?.Fields.TryGetValue(name, out field) != true)
            {
                return "";
            }
        }

        return owner is null || field is null ? "" : Documentation().Of(owner, field) ?? "";
    }

    private TypeDescriptions Documentation()
    {
        if (!_documentation.TryGetTarget(out var documentation))
        {
            documentation = TypeDescriptions.Load();
            _documentation.SetTarget(documentation);
        }

        return documentation;
    }
}
