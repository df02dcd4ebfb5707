using System.Text.Json.Nodes;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>The items of a list by the element that tells them apart. Several items may have the same keys: an update may write that, an apply may not.</summary>
internal sealed class KeyedItems
{
    private readonly ItemGroup[] _sorted;

    private KeyedItems(IReadOnlyList<FieldElement> elements, ItemGroup[] sorted)
    {
        Elements = elements;
        _sorted = sorted;
    }

    /// <summary>The element of each item, in the order of the list.</summary>
    public IReadOnlyList<FieldElement> Elements { get; }

    /// <summary>Each element once, in order.</summary>
    public IReadOnlyList<ItemGroup> Groups => _sorted;

    /// <summary>Throws <see cref="FieldSchemaException"/> for an item that has no keys.</summary>
    public static KeyedItems Read(JsonArray? list, FieldSchema schema, ObjectView view)
    {
        var elements = new FieldElement[list?.Count ?? 0];
        var groups = new ItemGroup[elements.Length];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = ElementAt(i, list![i], schema, view);
            groups[i] = new ItemGroup(elements[i], [list[i]]);
        }

        return new KeyedItems(elements, Join(groups));
    }

    /// <summary>The items of an element, in the order of the list; empty when there is none.</summary>
    public IReadOnlyList<JsonNode?> Of(FieldElement element)
    {
        var (low, high) = (0, _sorted.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = _sorted[middle].Element.CompareTo(element);
            if (order == 0)
            {
                return _sorted[middle].Items;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return [];
    }

    private static ItemGroup[] Join(ItemGroup[] groups)
    {
        var isSorted = true;
        for (var i = 1; i < groups.Length && isSorted; i++)
        {
            isSorted = groups[i - 1].Element.CompareTo(groups[i].Element) < 0;
        }

        if (isSorted)
        {
            return groups;
        }

        // Stable, so that items of one element stay in the order of the list.
        var joined = new List<ItemGroup>(groups.Length);
        foreach (var group in groups.OrderBy(group => group.Element))
        {
            if (joined.Count > 0 && joined[^1].Element.CompareTo(group.Element) == 0)
            {
                joined[^1].Items.AddRange(group.Items);
            }
            else
            {
                joined.Add(group);
            }
        }

        return [.. joined];
    }

    private static FieldElement ElementAt(int index, JsonNode? item, FieldSchema schema, ObjectView view)
    {
        try
        {
            return schema.ElementOf(item, view);
        }
        catch (FieldSchemaException error)
        {
            throw new FieldSchemaException($"element {index}: {error.Message}");
        }
    }

    /// <summary>The items of one element.</summary>
    internal readonly record struct ItemGroup(FieldElement Element, List<JsonNode?> Items);
}
