using System.Text.Json.Nodes;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>The items of a list by the element that tells them apart. Several items may have the same keys: an update may write that, an apply may not.</summary>
/// <param name="Elements">The element of each item, in the order of the list.</param>
/// <param name="ByElement">The items of each element, in order.</param>
internal sealed record KeyedItems(IReadOnlyList<FieldElement> Elements, SortedDictionary<FieldElement, List<JsonNode?>> ByElement)
{
    /// <summary>Throws <see cref="FieldSchemaException"/> for an item that has no keys.</summary>
    public static KeyedItems Read(JsonArray? list, FieldSchema schema, ObjectView view)
    {
        var elements = new List<FieldElement>(list?.Count ?? 0);
        var byElement = new SortedDictionary<FieldElement, List<JsonNode?>>();
        foreach (var (index, item) in (list ?? []).Index())
        {
            var element = ElementAt(index, item, schema, view);
            elements.Add(element);
            if (byElement.TryGetValue(element, out var items))
            {
                items.Add(item);
            }
            else
            {
                byElement[element] = [item];
            }
        }

        return new KeyedItems(elements, byElement);
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
}
