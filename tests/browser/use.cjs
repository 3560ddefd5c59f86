async function all() {}
module.exports = {all};
