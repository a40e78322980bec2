-- A photo as pages show it: part of other views.
-- key: id
-- refresh: live
-- json: picture Picture
SELECT
    p.id,
    json_build_object(
        'file', i.file, 'alt', p.caption, 'width', i.width, 'height', i.height) AS picture
FROM fashion.photo p
JOIN fashion.image i ON i.id = p.image_id
