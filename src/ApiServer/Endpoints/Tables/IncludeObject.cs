namespace MiniKube.ApiServer.Endpoints.Tables;

/// <summary>What a row of a Table holds of its object.</summary>
internal enum IncludeObject
{
    Metadata,
    None,
    Object,
}
